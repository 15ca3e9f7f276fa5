"""`python -m localaws`: an embedded AWS in the foreground, told as one line of JSON."""

import argparse
import gc
import sys

from localaws.launch import ACCOUNT_ID, EndpointInfo
from localaws.time.mode import Mode, checked


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m localaws", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (default: free)")
    parser.add_argument(
        "--owned", action="store_true", help="end when standard input is closed by its owner"
    )
    parser.add_argument(
        "--account", default=ACCOUNT_ID, metavar="ID", help="the account to play, 12 digits"
    )
    parser.add_argument(
        "--lateness", type=int, metavar="SEED", help="show facts as late as AWS does (default: no)"
    )
    parser.add_argument(
        "--time",
        type=_mode,
        default="flow",
        metavar="MODE",
        help="how time passes: flow (as yours, but waits for the clock are skipped), skip (it "
        "stands but for waits), real, or how many times as fast (default: flow)",
    )
    parser.add_argument(
        "--start",
        type=float,
        metavar="SECONDS",
        help="virtual time at the beginning, since the epoch; ids follow from it, so that the same "
        "calls give the same answers each time (default: now, and chance)",
    )
    parser.add_argument(
        "--exports",
        action="store_true",
        help="print lines for a shell in place of the JSON: keys, and the endpoint as ENDPOINT",
    )
    options = parser.parse_args()
    # What is loaded now stays: looking for garbage in it, again and again, is a sixth of the start.
    gc.disable()
    from localaws.server import PortTaken, serve

    try:
        serve(
            options.port,
            owned=options.owned,
            account_id=options.account,
            mode=options.time,
            lateness=options.lateness,
            start_s=options.start,
            told=EndpointInfo.as_exports if options.exports else EndpointInfo.as_json,
        )
    except PortTaken as error:
        # On standard output: whoever started this reads its first line.
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


def _mode(text: str) -> Mode:
    try:
        return checked(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
