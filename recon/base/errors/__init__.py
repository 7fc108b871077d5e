"""Every error with its sentence.

An *error* is our program, its files or its input being wrong so that no true answer is possible;
it ends the run with exit status 2. Bad cells are not errors: they become rejected rows. The form is
`<place>: <what is wrong>. <what is allowed, or what to do>.` in Chinese and English.
"""

from recon.base.errors.base import ReconError
from recon.base.errors.inputs import (
    MatchProofError,
    MatchSideError,
    NoInputError,
    PasswordFileError,
    ReviewPeriodError,
    UnbalancedSheetError,
    UnknownSourcesError,
)
from recon.base.errors.ledger import (
    AliasStepError,
    LedgerBusyError,
    LedgerDamagedError,
    LedgerMovedError,
    LedgerNewerError,
    LedgerStepError,
    LedgerUnwritableError,
    NoReviewColumnsError,
    WorkbookUnreadableError,
)
from recon.base.errors.rules import (
    CaseError,
    DatabaseMemoryError,
    EngineError,
    RuleCodeError,
    RuleExistsError,
    RuleSqlError,
    UnknownRuleError,
)
from recon.base.errors.runs import (
    ExceptionUnknownError,
    KeyDamagedError,
    NotARunError,
    NotVerifiableError,
    OutputBusyError,
    OutputUnwritableError,
    PartyUnknownError,
    RunChangedError,
    RunMissingError,
    TemporaryUnwritableError,
)
from recon.base.errors.settings import (
    AliasError,
    ConfigError,
    ResourceMissingError,
    TemplateExistsError,
    UnknownParameterError,
    YamlError,
)
from recon.base.errors.spark import (
    SparkFailedError,
    SparkMasterError,
    SparkMissingError,
    SparkRefusesRulesError,
    SparkUnreachableError,
)
from recon.base.errors.trust import InputsMovedError, NotShareableError, PseudonymsUsedUpError

__all__ = [
    "AliasError",
    "AliasStepError",
    "CaseError",
    "ConfigError",
    "DatabaseMemoryError",
    "EngineError",
    "ExceptionUnknownError",
    "InputsMovedError",
    "KeyDamagedError",
    "LedgerBusyError",
    "LedgerDamagedError",
    "LedgerMovedError",
    "LedgerNewerError",
    "LedgerStepError",
    "LedgerUnwritableError",
    "MatchProofError",
    "MatchSideError",
    "NoInputError",
    "NoReviewColumnsError",
    "NotARunError",
    "NotShareableError",
    "NotVerifiableError",
    "OutputBusyError",
    "OutputUnwritableError",
    "PartyUnknownError",
    "PasswordFileError",
    "PseudonymsUsedUpError",
    "ReconError",
    "ResourceMissingError",
    "ReviewPeriodError",
    "RuleCodeError",
    "RuleExistsError",
    "RuleSqlError",
    "RunChangedError",
    "RunMissingError",
    "SparkFailedError",
    "SparkMasterError",
    "SparkMissingError",
    "SparkRefusesRulesError",
    "SparkUnreachableError",
    "TemplateExistsError",
    "TemporaryUnwritableError",
    "UnbalancedSheetError",
    "UnknownParameterError",
    "UnknownRuleError",
    "UnknownSourcesError",
    "WorkbookUnreadableError",
    "YamlError",
]
