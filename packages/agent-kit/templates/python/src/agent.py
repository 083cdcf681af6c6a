import re

WORD = re.compile(r"[^ \t\r\n]+")


def count_words(text):
    """Words are what white space parts."""
    return len(WORD.findall(text))


def run(input, ctx):
    words = count_words(input["text"])
    ctx.log("counted", words, "words")
    return {"words": words, "characters": len(input["text"])}


if __name__ == "__main__":
    from stoa import serve

    serve(run)
