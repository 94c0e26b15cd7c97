"""Settings that every test shares."""

import hypothesis

hypothesis.settings.register_profile(
    "liuhen",
    deadline=None,  # two busy cores say nothing about the code
    print_blob=True,
)
hypothesis.settings.load_profile("liuhen")
