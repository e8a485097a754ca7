"""The exception tree: each class names what went wrong, each message says where and what to do."""


class AggregatorError(Exception):
    """Anything this program raises on purpose; its message is fit for a person's eyes.

    ``exit_code`` is what the command line returns (sysexits.h where a code fits).
    """

    exit_code = 1


class ConfigError(AggregatorError):
    """A setting, or the file it stands in, is wrong."""

    exit_code = 78


class CardError(ConfigError):
    """An outlet card is wrong; the message names file, key and what was expected."""


class UnknownOutletError(AggregatorError):
    """No card has this slug."""

    exit_code = 64


class UnknownArticleError(AggregatorError):
    """Nothing in the store has this id or URL."""

    exit_code = 66


class TakedownError(AggregatorError):
    """A takedown, or its undoing, that cannot be carried out."""

    exit_code = 65


class UnknownLineError(AggregatorError):
    """No learned line of an outlet has this id."""

    exit_code = 66


class UnknownStoryError(AggregatorError):
    """No story has this number."""

    exit_code = 66


class StoryRulingError(AggregatorError):
    """What an operator says of stories does not fit them."""

    exit_code = 64


class DeskError(AggregatorError):
    """A user, a password or a token of the desk that cannot be as it is wanted."""

    exit_code = 65


class UnknownUserError(DeskError):
    """The desk has no user, or no token, of this name."""

    exit_code = 67


class UnknownCursorError(AggregatorError):
    """No page of the front ever gave this cursor."""

    exit_code = 66


class SchedulerBusyError(AggregatorError):
    """Another scheduler works on the same data."""

    exit_code = 75


class StoreError(AggregatorError):
    """The database cannot be opened, read or written."""

    exit_code = 74


class StoreBusyError(StoreError):
    """Another process holds the database or its lock for too long."""

    exit_code = 75


class StoreFullError(StoreError):
    """The disk that holds the database or the archive is full."""


class ArchiveError(AggregatorError):
    """A WARC file cannot be written or a record cannot be read back."""

    exit_code = 74


class ExtractError(AggregatorError):
    """A page cannot be turned into an article."""

    exit_code = 65


class FeedError(AggregatorError):
    """A seed's answer is not what its kind promises (a feed that is HTML, a broken sitemap)."""

    exit_code = 65


class ListError(AggregatorError):
    """A list of outlets that cannot be read, or an import of one that cannot be undone."""

    exit_code = 65


class AddressRefusedError(AggregatorError):
    """A connection to a private, loopback or link-local address that no card allows."""

    exit_code = 77


class CrawlError(AggregatorError):
    """The crawl process could not start or died."""


class CrawledNowError(AggregatorError):
    """An outlet is being crawled; two crawls would not keep to its pause between requests."""

    exit_code = 75


class SiteSilentError(AggregatorError):
    """The site that is to be checked does not answer."""

    exit_code = 69


class ExportError(AggregatorError):
    """The site cannot be written to a folder."""

    exit_code = 74


class BackupError(AggregatorError):
    """A backup that is damaged, or a place that it may not be restored to."""

    exit_code = 65


class PruneError(AggregatorError):
    """Something is to go that is still needed."""

    exit_code = 64


class PortBusyError(AggregatorError):
    """Another program listens on the port."""

    exit_code = 69


class PictureError(AggregatorError):
    """Bytes that are no picture we can show; ``fault`` names why (``PictureFault``)."""

    exit_code = 65

    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
