"""The schema: every table of the database."""

from aggregator.store.tables.article import (
    ArticleCutRow,
    ArticleFieldRow,
    ArticleRevisionRow,
    ArticleRow,
    ArticleUrlRow,
    DuplicateRow,
    ImageRow,
)
from aggregator.store.tables.base import Base
from aggregator.store.tables.boilerplate import BoilerplateLineRow, BoilerplateOutletRow
from aggregator.store.tables.crawl import (
    CrawlRunOutletRow,
    CrawlRunRow,
    CrawlSlipRow,
    FetchRow,
    HostWaitRow,
    OutletRow,
    SeedVisitRow,
)
from aggregator.store.tables.desk import (
    CardVersionRow,
    DeskActionRow,
    DeskFormRow,
    DeskLoginRow,
    DeskSessionRow,
    DeskTokenRow,
    DeskUserRow,
)
from aggregator.store.tables.edition import (
    EditionRow,
    FollowedPageRow,
    PublicationRow,
    PublicationTopicRow,
    SlotRow,
)
from aggregator.store.tables.outbox import DeliveryRow, EventRow, TargetRow
from aggregator.store.tables.picture import PictureRow
from aggregator.store.tables.rights import DecisionRow, LicencePageRow, RightsAppliedRow
from aggregator.store.tables.shingle import ShingleBucketRow, ShingleSchemeRow
from aggregator.store.tables.story import (
    StoryArticleRow,
    StoryProgressRow,
    StoryRow,
    StoryRulingRow,
    StoryTermRow,
    StoryVectorRow,
    StoryWordRow,
)
from aggregator.store.tables.takedown import (
    TakedownArticleRow,
    TakedownMarkRow,
    TakedownRequestRow,
    TakedownRow,
)
from aggregator.store.tables.watch import (
    AlarmNoticeRow,
    AlarmRow,
    OutletHourRow,
    OutletUsualRow,
    RobotsFileRow,
    WatchProgressRow,
)

metadata = Base.metadata
"""All tables; the migrations lead to exactly these."""

__all__ = [
    "AlarmNoticeRow",
    "AlarmRow",
    "ArticleCutRow",
    "ArticleFieldRow",
    "ArticleRevisionRow",
    "ArticleRow",
    "ArticleUrlRow",
    "Base",
    "BoilerplateLineRow",
    "BoilerplateOutletRow",
    "CardVersionRow",
    "CrawlRunOutletRow",
    "CrawlRunRow",
    "CrawlSlipRow",
    "DecisionRow",
    "DeliveryRow",
    "DeskActionRow",
    "DeskFormRow",
    "DeskLoginRow",
    "DeskSessionRow",
    "DeskTokenRow",
    "DeskUserRow",
    "DuplicateRow",
    "EditionRow",
    "EventRow",
    "FetchRow",
    "FollowedPageRow",
    "HostWaitRow",
    "ImageRow",
    "LicencePageRow",
    "OutletHourRow",
    "OutletRow",
    "OutletUsualRow",
    "PictureRow",
    "PublicationRow",
    "PublicationTopicRow",
    "RightsAppliedRow",
    "RobotsFileRow",
    "SeedVisitRow",
    "ShingleBucketRow",
    "ShingleSchemeRow",
    "SlotRow",
    "StoryArticleRow",
    "StoryProgressRow",
    "StoryRow",
    "StoryRulingRow",
    "StoryTermRow",
    "StoryVectorRow",
    "StoryWordRow",
    "TakedownArticleRow",
    "TakedownMarkRow",
    "TakedownRequestRow",
    "TakedownRow",
    "TargetRow",
    "WatchProgressRow",
    "metadata",
]
