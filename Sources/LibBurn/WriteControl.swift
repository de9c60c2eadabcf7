/// Whom libburn's work tells how it goes, and asks whether it is to go on.
public struct WriteControl {
    /// Asked several times a second; if it says yes, writing stops at the next safe place.
    ///
    /// Once libburn has all that there is to write, it is left to finish.
    public var isCancelled: () -> Bool
    /// Called once if the work stops early: whoever waits to deliver more has to give up.
    public var whenStopping: () -> Void
    /// Told several times a second how far it is.
    public var observe: (WriteProgress) -> Void
    /// Called when everything is ready to be written, and again, on libburn's thread, before libburn
    /// gets the first bytes: the last moment at which nothing is lost.
    var beforeWriting: (@Sendable () -> Void)?
    /// Asks the drive past libburn, on any thread, whether it is at work; `nil` if libburn is waited for
    /// without end.
    public var askDrive: (@Sendable () -> DriveWork)?

    /// Creates a control, which stops nothing unless told so.
    public init(
        isCancelled: @escaping () -> Bool = { false },
        whenStopping: @escaping () -> Void = {},
        observe: @escaping (WriteProgress) -> Void = { _ in }
    ) {
        self.isCancelled = isCancelled
        self.whenStopping = whenStopping
        self.observe = observe
    }
}
