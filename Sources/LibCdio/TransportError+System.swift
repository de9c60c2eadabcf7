public import LinuxCalls
public import MMC

extension TransportError {
    /// What the system said when a command was handed to it.
    ///
    /// Of a command that it gave up on, `CDROM_SEND_PACKET` keeps the host's status to itself and says
    /// EIO, as it does of much else.
    public init(_ error: SystemError, command: String) {
        let code: Code =
            if error.isPermissionDenied {
                .notPermitted
            } else if error.isDeviceGone {
                .deviceGone
            } else {
                .failed
            }
        self.init(code, command: command, context: error.reason)
    }
}
