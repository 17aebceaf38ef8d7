"""Reasons for which the process that carries jobs on cannot do so, each a line for the operator."""

from typing import Final

from adapters.dask.engines import ClusterRefused
from adapters.postgres.failures import DatabaseRefused
from adapters.postgres.schema import SchemaConflict
from adapters.stores.configuration import StoresRefused
from entrypoints.configuration.keyring import MasterKeysRefused

JOB_REFUSALS: Final = (ClusterRefused, DatabaseRefused, MasterKeysRefused, SchemaConflict, StoresRefused)
