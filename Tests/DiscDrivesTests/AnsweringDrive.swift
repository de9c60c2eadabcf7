import MMC

/// A drive that answers what it was told to, and refuses all other questions.
final class AnsweringDrive: Transport {
    /// The reply to a question; `nil` if it is refused.
    let answer: (Command) -> [UInt8]?

    init(_ answer: @escaping (Command) -> [UInt8]?) {
        self.answer = answer
    }

    func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        let identity = Inquiry(vendor: "ANSWERING", product: "DRIVE", revision: "1")
        let usual = command.cdb[0] == 0x12 ? identity.encoded : nil
        guard let reply = answer(command) ?? usual else {
            return Completion(Sense(.illegalRequest, 0x24, 0x00))
        }
        let count = min(buffer.count, reply.count)
        for index in 0..<count { buffer[index] = reply[index] }
        return Completion(transferred: count)
    }

    func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        Completion(transferred: data.count)
    }
}
