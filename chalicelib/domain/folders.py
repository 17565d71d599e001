"""Where files are dropped and results appear: ``inbox/{user_id}/{slug}/…/{name}`` and ``results/…``."""

from dataclasses import dataclass

INBOX, RESULTS = "inbox/", "results/"
OPTIONS_NAME = "_options.json"


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
