"""Coverage-guided fuzzing of the reader: inputs that reach new lines of `chainsim.scenario` are kept and changed further.

    python -m tests.fuzz.guided --minutes 60        needs atheris: pip install atheris

Begins with the scenarios of `tests.fuzz`, and goes on with the corpus it has gathered in `results/fuzz/corpus`. Stops at the first input that
ends in anything but a Scenario or an error of ours, or takes longer than five seconds or 2 GB; that input is kept in
`results/fuzz/found`, and belongs into a test.
"""

from __future__ import annotations

import argparse
import sys

from tests.fuzz.__main__ import FOLDER, all_scenarios
from tests.fuzz.judging import SECONDS, limited


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz.guided", description="Coverage-guided fuzzing of the reader."
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    options = parser.parse_args(arguments)
    import atheris

    with atheris.instrument_imports(include=["chainsim.scenario"], enable_loader_override=False):
        from chainsim.errors import ChainsimError
        from chainsim.scenario import language
        from chainsim.scenario.load import load_text

    def one_input(data: bytes) -> None:
        try:
            with limited(
                SECONDS
            ):  # of this process's own time; libFuzzer's limit is the clock's, whatever else the machine does
                load_text(data.decode("utf-8", "surrogateescape"))
        except ChainsimError:
            return

    corpus, found = FOLDER / "corpus", FOLDER / "found"
    for place in (corpus, found):
        place.mkdir(parents=True, exist_ok=True)
    for scenario in all_scenarios():
        (corpus / f"seed-{scenario.stem}").write_text(scenario.read_text("utf-8"), "utf-8")
    words = {key for section in (language.FILE, *language.SECTIONS.values()) for key in section}
    dictionary = FOLDER / "words.dict"
    dictionary.write_text("".join(f'"{word}:"\n' for word in sorted(words)), "utf-8")
    limits = [f"-max_total_time={60.0 * options.minutes:.0f}", "-timeout=120", "-rss_limit_mb=2000", "-max_len=6000"]
    atheris.Setup([sys.argv[0], *limits, f"-dict={dictionary}", f"-artifact_prefix={found}/", str(corpus)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
