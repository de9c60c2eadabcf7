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
        do throws(BurnError) {
            let drive = try grab()
            switch task {
            case .erase(let fast):
                try drive.erase(fast: fast, observe: control.observe)
                report(.success([]))
            case .format(let format, let isCertified):
                try drive.format(to: format, certifying: isCertified, observe: control.observe)
                report(.success([]))
            case .formatToGrow:
                try drive.formatToGrow(observe: control.observe)
                report(.success([]))
            case .write(let session, let format):
                if control.isCancelled() {
                    throw BurnError(.cancelled, "The write was stopped before it began")
                }
                if let format { try drive.format(to: format, observe: control.observe) }
                report(.success(try drive.write(session, input: input, control: control)))
            }
            drive.release()
        } catch {
            report(.failure(error))
        }
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
