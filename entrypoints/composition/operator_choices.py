"""The operator's choices, from the settings into the values that the HTTP side, retention and the sender take."""

from datetime import timedelta

from adapters.http.dependencies import RequestLimits, Site, UploadPolicy
from adapters.http.transport.memory_budget import MemoryBudget
from adapters.http.transport.minimum_rate import MinimumRate
from adapters.http.transport.own_hosts import OwnHosts
from adapters.javascript.engines import installed_engines
from adapters.webhooks.sender import SenderConfig
from domain.engine import EngineName
from domain.retention import Retention
from entrypoints.configuration.settings import Settings


def upload_policy(settings: Settings) -> UploadPolicy:
    """Provide the limits and engines of script versions."""
    return UploadPolicy(
        default_limits=settings.default_limits,
        limit_ceilings=settings.ceilings,
        max_source_bytes=settings.source_bytes,
        default_engine=EngineName(settings.engine),
        engines=installed_engines(),
    )


def request_limits(settings: Settings) -> RequestLimits:
    """Provide the limits of requests, with a memory budget of their own."""
    return RequestLimits(
        memory=MemoryBudget(settings.inflight_bytes),
        max_dataset_bytes=settings.dataset_bytes,
        minimum_rate=MinimumRate(settings.silence_seconds, settings.pace_seconds),
    )


def site(settings: Settings) -> Site:
    """Provide the addresses of the service."""
    return Site(
        hosts=OwnHosts(port=settings.port, listens_on=settings.host, added=settings.allowed_hosts),
        root_path=settings.root_path,
        trusted_proxies=settings.trusted_proxies,
    )


def default_retention(settings: Settings) -> Retention:
    """Provide the retention of scripts that have none of their own."""
    return Retention(_days(settings.retain_content_days), _days(settings.retain_rows_days))


def _days(days: int) -> timedelta | None:
    return timedelta(days=days) if days else None


def sender_config(settings: Settings) -> SenderConfig:
    """Provide the choice of receivers that events may be sent to."""
    return SenderConfig(
        networks=settings.webhook_networks, allow_http=settings.webhook_http, ca_file=settings.webhook_ca_file
    )
