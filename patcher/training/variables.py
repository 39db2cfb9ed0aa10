"""The variables that a training is given: those on a list, and those that the user adds to it.

Whatever else is in the environment, such as the keys of a cloud, no program that is started sees.
"""

import os
from collections.abc import Iterable, Mapping, Sequence

from patcher.errors import SECRET_NAME
from patcher.training.isolation import with_safe_paths

# They describe this machine: mpirun is not to set them on others, where Open MPI sets its own.
OF_THE_HOST = (
    *("HOME", "HOSTNAME", "LOGNAME", "SHELL", "SSH_AUTH_SOCK", "TEMP", "TERM", "TMP", "TMPDIR"),
    *("USER", "OMPI_*", "OPAL_*", "ORTE_*", "PMIX_*", "PMI_*", "PRTE_*", "SLURM_*"),
)
# What training needs beyond that: of the system, TensorFlow, Horovod and the libraries of devices.
ELSEWHERE = (
    *("LANG", "LANGUAGE", "LC_*", "LD_LIBRARY_PATH", "MPLCONFIGDIR", "PATH", "TZ"),
    *("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    *("GLOO_*", "HOROVOD_*", "MPI_ROOT", "TF_*", "XLA_*"),
    *("GOMP_*", "KMP_*", "MKL_*", "OMP_*", "OPENBLAS_*", "TCMALLOC_*"),
    *("CUDA_*", "FI_*", "LIBFABRIC_ROOT", "NCCL_*", "RDMAV_*", "RDMA_CORE_*", "UCX_*"),
    *("DATA_LOADER_*", "ENABLE_CONSOLE", "GC_KERNEL_PATH", "HABANA_*", "HCCL_*", "HLS_*"),
    *("LOG_LEVEL_*", "RUN_TPC_FUSER", "SYN_*", "TPC_*"),
)
_SECRETIVE = ("TF_VAR_*",)  # Terraform's


def passed_on(more: Iterable[str] = ()) -> dict[str, str]:
    """The variables of this environment that are on the list, or among `more`.

    A name in the list that ends in `*` stands for all that begin so. Those that sound like a secret
    are left out unless they are among `more`. Search paths keep their absolute entries alone.
    """
    names = matching((*OF_THE_HOST, *ELSEWHERE))
    kept = {name for name in names if not SECRET_NAME.search(name)} - {*matching(_SECRETIVE)}
    kept.update(matching(more))
    return with_safe_paths({name: os.environ[name] for name in kept})


def matching(patterns: Iterable[str], names: Iterable[str] | None = None) -> list[str]:
    """The names, or those of all variables, that patterns stand for; sorted."""
    known = os.environ if names is None else names
    each = tuple(patterns)
    return sorted(name for name in known if any(_is_meant(name, pattern) for pattern in each))


def for_other_hosts(variables: Mapping[str, str], more: Sequence[str]) -> list[str]:
    """The names of those variables that are not about this machine, or are among `more`."""
    local = {*matching(OF_THE_HOST, variables)} - {*matching(more, variables)}
    return sorted(variables.keys() - local)


def _is_meant(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
