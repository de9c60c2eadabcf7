public import DiscAuthoring
import LinuxCalls
public import Reports
import Transfer

extension ImageToBurn {
    /// Takes the session that changes of a disc's files have become, which is made while it is burned.
    ///
    /// - Parameters:
    ///   - session: The session; the disc is not read any more.
    ///   - allowsLoss: Whether what can't be read, or can't be kept, may be left out.
    /// - Throws: ``Reports/Failure`` if something can't be put into it.
    public init(of session: ISOEditing, allowsLoss: Bool) throws(Failure) {
        try session.checkConsent(allowsLoss, meaning: "The disc was not touched.")
        name = "the changes of \(session.name)"
        source = session.session()
        byteCount = (source.sectorCount ?? 0) * 2048
        notes =
            ["Volume “\(session.volume)”, \(session.summary)."]
            + session.losses.map { "Not kept: \($0.text)." } + session.notes
        madeFor = session.newSession
        sounds = []
        disc = nil
        watch = FileWatch([])
    }
}
