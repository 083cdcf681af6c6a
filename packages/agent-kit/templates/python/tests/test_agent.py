import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from agent import count_words, run


class Silent:
    def log(self, *parts):
        pass


class CountsWords(unittest.TestCase):
    def test_words_are_what_white_space_parts(self):
        self.assertEqual(count_words(" one\ttwo\n\nthree "), 3)
        self.assertEqual(count_words(" \n"), 0)

    def test_characters_are_code_points(self):
        self.assertEqual(run({"text": "a \U0001f3f6"}, Silent()), {"words": 2, "characters": 3})


if __name__ == "__main__":
    unittest.main()
