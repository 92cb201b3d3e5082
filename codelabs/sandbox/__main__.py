"""`python -m codelabs.sandbox check [--json] [--torch]`: exit 0 when labs can run on this host, else 1."""

import argparse
import sys

from codelabs.sandbox.check import report


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m codelabs.sandbox", description="The sandbox that labs run in.")
    check = parser.add_subparsers(dest="command", required=True).add_parser(
        "check", help="say which walls hold on this host, what a missing one risks, and the remedy"
    )
    check.add_argument("--json", action="store_true", help="print one JSON object, for monitoring")
    check.add_argument("--torch", action="store_true", help="also start the torch runtime, which takes seconds")
    options = parser.parse_args()
    found = report(start_torch=options.torch)
    sys.stdout.write((found.as_json() if options.json else found.as_text()) + "\n")
    return 0 if found.ready else 1


if __name__ == "__main__":
    sys.exit(main())
