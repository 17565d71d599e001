"""Where files are dropped and results appear: ``inbox/{user_id}/{slug}/…/{name}`` and ``results/…``."""

from dataclasses import dataclass

INBOX, RESULTS = "inbox/", "results/"
OPTIONS_NAME = "_options.json"
LONGEST_KEY_BYTES = 1_024
"""Of S3, in UTF-8."""

_LITTER_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}
_LITTER_PREFIXES = ("~$", "._")
"""What file managers and Office leave beside documents: nobody wants it converted, or counted."""


@dataclass(frozen=True)
class FolderPath:
    """An object's key in the inbox, taken apart. ``slug`` is None when it lies in no conversion's folder;
    ``folder`` is what is between the user and the name, ending in a slash."""

    user_id: str
    slug: str | None
    folder: str
    name: str

    @property
    def is_options(self) -> bool:
        """Whether it is the options of its folder, and no document."""
        return self.name == OPTIONS_NAME

    @property
    def is_litter(self) -> bool:
        """Whether it is none of its user's documents: it is left alone."""
        return self.name.casefold() in _LITTER_NAMES or self.name.startswith(_LITTER_PREFIXES)

    @property
    def key(self) -> str:
        """Its own key."""
        return f"{INBOX}{self.user_id}/{self.folder}{self.name}"

    @property
    def has_room(self) -> bool:
        """Whether S3 takes the keys under which its result, or the reason why there is none, are to lie."""
        return len(self.problem_key.encode()) <= LONGEST_KEY_BYTES

    @property
    def options_key(self) -> str:
        """Where the options of its folder would be."""
        return f"{INBOX}{self.user_id}/{self.folder}{OPTIONS_NAME}"

    def result_key(self, kind: str) -> str:
        """Where its result appears: behind the whole name, so that no two inputs meet."""
        return f"{RESULTS}{self.user_id}/{self.folder}{self.name}.{kind}"

    @property
    def problem_key(self) -> str:
        """Where it is told why there is no result."""
        return self.result_key("error.json")


def parse(key: str) -> FolderPath | None:
    """The parts of an object's key; None for a key that is no file of a user's inbox."""
    user_id, _, rest = key.removeprefix(INBOX).partition("/")
    folder, _, name = rest.rpartition("/")
    if not key.startswith(INBOX) or not user_id or not name:
        return None
    slug = folder.split("/")[0] if folder else None
    return FolderPath(user_id, slug, f"{folder}/" if folder else "", name)
