"""Values files as Helm itself reads them."""

import helm_python

from egressc.helm.engine import EngineError, RenderJob, ValuesFile
from egressc.helm.messages import explain_failure, explain_second_document, explain_unreadable
from egressc.helm.values import Values, merge_files, second_document


def read_values(job: RenderJob) -> Values:
    """All values of a job, merged in the order of its files. Raises EngineError."""
    return merge_files([_read_file(file, job) for file in job.values])


def _read_file(file: ValuesFile, job: RenderJob) -> Values:
    if file.document is not None:
        return file.document
    source = file.source
    if (offset := second_document(source)) is not None:
        raise EngineError(explain_second_document(source, offset, job))
    if "\0" in source.text:
        # The library takes a C string: it would read the text up to here and call it the whole.
        raise EngineError(explain_unreadable("yaml: control characters are not allowed", job, source))
    try:
        document: Values = helm_python.values_from_yaml(source.text)
    except helm_python.HelmError as error:
        raise EngineError(explain_failure(str(error), job, source)) from error
    return document
