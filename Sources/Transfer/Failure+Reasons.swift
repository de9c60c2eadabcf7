import LinuxCalls
public import Reports

extension Failure.Reason {
    /// Why a source could not be opened.
    public init(ofSource error: any Error) {
        guard let error = error as? SystemError else {
            self = .badSource
            return
        }
        self =
            error.isNoSuchFile ? .noSource : error.isPermissionDenied ? .noPermission : .badSource
    }

    /// Why an output could not be written.
    public init(ofOutput error: any Error) {
        let cause = (error as? NamelessFileError)?.cause ?? error
        guard let error = cause as? SystemError else {
            self = .outputError
            return
        }
        self =
            error.isNoSpace
            ? .noSpace
            : error.isFileExists
                ? .outputExists : error.isPermissionDenied ? .noPermission : .outputError
    }
}
