import SystemPackage

/// The error numbers of a device node (asm-generic/errno.h).
extension Errno {
    static let notPermitted = Errno(rawValue: 1)
    static let inputOutput = Errno(rawValue: 5)
    static let badDescriptor = Errno(rawValue: 9)
    static let wouldWait = Errno(rawValue: 11)
    static let accessDenied = Errno(rawValue: 13)
    static let busy = Errno(rawValue: 16)
    static let deviceGone = Errno(rawValue: 19)
    static let invalid = Errno(rawValue: 22)
    static let unknownControl = Errno(rawValue: 25)
    static let noSpaceLeft = Errno(rawValue: 28)
    static let readOnlyMedium = Errno(rawValue: 30)
    static let notImplemented = Errno(rawValue: 38)
    /// EOPNOTSUPP, which the drivers call EDRIVE_CANT_DO_THIS.
    static let driveCannot = Errno(rawValue: 95)
    static let mediumMissing = Errno(rawValue: 123)
    static let wrongMedium = Errno(rawValue: 124)
}
