"""What the HTTP side needs to be given."""

from attrs import frozen

from application.ports import Bodies, CheckReadiness, CheckScript, Clock, Endings, Executions, NewId, Scripts
from domain.limits import CEILINGS, DEFAULTS, MIB, Limits
from domain.script import MAX_SOURCE_BYTES


@frozen(kw_only=True)
class Dependencies:
    """The ports, and the operator's limits in bytes."""

    scripts: Scripts
    executions: Executions
    endings: Endings
    bodies: Bodies
    check_script: CheckScript
    check_readiness: CheckReadiness
    clock: Clock
    new_id: NewId
    default_limits: Limits = DEFAULTS
    limit_ceilings: Limits = CEILINGS
    max_source_bytes: int = MAX_SOURCE_BYTES
    max_dataset_bytes: int = 64 * MIB
    inline_result_bytes: int = 1 * MIB
