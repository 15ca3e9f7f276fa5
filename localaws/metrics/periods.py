"""Which periods can be asked for, and how many of them."""

_SHORT_S = (1, 5, 10, 20, 30)


def mistake_in_period(period_s: int, name: str = "Period") -> str | None:
    """Why CloudWatch takes no such period, in its words, or None.

    Args:
        name: how the request calls it.
    """
    if period_s < 60 and period_s not in _SHORT_S:
        return f"The parameter {name} must be a value in the set {list(_SHORT_S)}."
    if period_s > 60 and period_s % 60:
        return f"The parameter {name} must be a multiple of 60."
    return None


def rounded_start_s(start_s: float, finest_period_s: int) -> float:
    """The beginning of a window, rounded down as CloudWatch does.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
    """
    grid_s = min(60, max(1, finest_period_s))
    return start_s // grid_s * grid_s
