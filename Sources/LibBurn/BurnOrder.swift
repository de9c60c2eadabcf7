internal import LinuxCalls

/// What libburn is to do with the disc in a drive, from taking the drive to giving it back.
public struct BurnOrder: Hashable, Sendable, Codable {
    /// What is done to the disc.
    public enum Task: Hashable, Sendable, Codable {
        /// A session is written, after the disc was formatted if a format is given.
        case write(SessionJob, formattingTo: ListedFormat?)
        /// The disc is made blank.
        case erase(fast: Bool)
        /// The disc is formatted; certified where it can be, if that is wished for.
        case format(ListedFormat, certifying: Bool)
        /// A DVD-RW is formatted so that it grows as it is written.
        case formatToGrow
    }

    /// The device node, or libburn's own form of an address.
    public var address: String
    /// What is done to the disc.
    public var task: Task

    /// Creates an order.
    public init(address: String, task: Task) {
        self.address = address
        self.task = task
    }

    /// Times that a drive which has something to say first, a unit attention, is taken again.
    private static let mostAttentions = 4

    /// Does the work in this process.
    ///
    /// - Parameters:
    ///   - input: The payload, if something is written.
    ///   - control: Whom it tells, and asks.
    ///   - report: Given the result while the drive is still held: to give it back may fail as well.
    func carryOut(
        input: any BurnInput,
        control: WriteControl,
        report: (Result<[BurnMessage], BurnError>) -> Void
    ) {
        let drive: GrabbedDrive
        do throws(BurnError) {
            drive = try grab()
        } catch {
            report(.failure(error))
            return
        }
        do throws(BurnError) {
            report(.success(try work(drive, input, control)))
        } catch {
            report(.failure(error))
        }
        drive.release()
    }

    private func work(
        _ drive: borrowing GrabbedDrive,
        _ input: any BurnInput,
        _ control: WriteControl
    ) throws(BurnError) -> [BurnMessage] {
        switch task {
        case .erase(let fast):
            try drive.erase(fast: fast, observe: control.observe)
        case .format(let format, let isCertified):
            try drive.format(to: format, certifying: isCertified, observe: control.observe)
        case .formatToGrow:
            try drive.formatToGrow(observe: control.observe)
        case .write(let session, let format):
            if control.isCancelled() {
                throw BurnError(.cancelled, "The write was stopped before it began")
            }
            if let format { try drive.format(to: format, observe: control.observe) }
            return try drive.write(session, input: input, control: control)
        }
        return []
    }

    private func grab() throws(BurnError) -> GrabbedDrive {
        var attempts = 1
        while true {
            do {
                return try GrabbedDrive(address: address, load: true)
            } catch {
                guard error.isUnitAttention, attempts < Self.mostAttentions else { throw error }
                attempts += 1
            }
        }
    }
}
