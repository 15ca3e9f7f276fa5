"""The instructor's panel: scenarios, speed, large view, reset, and a script of one key per step."""

from workshop.lab import Lab


class InstructorPanel:
    """Controls for a demonstration; made by `instructor_panel`."""


def instructor_panel(lab: Lab, pattern: str = "SqsDlq") -> InstructorPanel:
    """Controls for whoever demonstrates failures to a group.

    Args:
        lab: the target.
        pattern: the pattern that the scenarios break.
    """
    raise NotImplementedError
