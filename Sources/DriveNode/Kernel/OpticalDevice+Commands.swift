import LinuxCalls
import MMC
import SystemPackage

/// The kernel's own commands, and how it takes their ends (drivers/scsi/sr_ioctl.c, sr_do_ioctl).
extension OpticalDevice {
    /// How long the kernel gives its own commands: 30 s (SR_TIMEOUT).
    static let commandTime: Duration = .seconds(30)
    /// How long it waits for a drive that is becoming ready.
    private static let readyTime = 20.0

    /// Sends a command that has no data.
    func perform(_ name: String, _ cdb: [UInt8], time: Duration = commandTime) throws(Errno) {
        _ = try repeated { () throws(TransportError) in
            try transport.send(Command(name, cdb: cdb, timeout: time))
        }
    }

    /// Sends a command, and returns the data that came.
    func fetch(_ name: String, _ cdb: [UInt8], _ length: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try repeated { () throws(TransportError) in
            let (completion, data) = try transport.fetch(
                Command(name, cdb: cdb, data: .fromDrive(length), timeout: Self.commandTime)
            )
            bytes = data
            return completion
        }
        return bytes
    }

    /// Sends a command, and returns the data that came, filled up with zeros: the kernel does not
    /// ask how much of its buffer a drive has filled.
    func fetchAll(_ name: String, _ cdb: [UInt8], _ length: Int) throws(Errno) -> [UInt8] {
        var bytes = try fetch(name, cdb, length)
        if bytes.count < length {
            bytes += [UInt8](repeating: 0, count: length - bytes.count)
        }
        return bytes
    }

    /// Sends a command until it ends otherwise than by a unit attention, or by a drive that is
    /// becoming ready.
    private func repeated(_ send: () throws(TransportError) -> Completion) throws(Errno)
        -> Completion
    {
        let deadline = now + Self.readyTime
        var attentions = 0
        while true {
            let completion: Completion
            do throws(TransportError) {
                completion = try send()
            } catch {
                throw errno(of: error)
            }
            if completion.succeeded { return completion }
            guard let sense = completion.sense else { throw .inputOutput }
            switch sense.key {
            case .unitAttention where attentions < 10:
                attentions += 1
                isChanged = true
            case .notReady where sense.matches(.notReady, 0x04, 0x01) && now < deadline:
                pause(seconds: 0.05)
            case .unitAttention, .notReady: throw .mediumMissing
            case .illegalRequest: throw sense.asc == 0x20 ? .driveCannot : .inputOutput
            default: throw .inputOutput
            }
        }
    }

    /// What the system says where a command did not reach the drive.
    func errno(of error: TransportError) -> Errno {
        switch error.code {
        case .deviceGone: .deviceGone
        case .notPermitted: .notPermitted
        default: .inputOutput
        }
    }

    /// TEST UNIT READY (scsi_test_unit_ready of drivers/scsi/scsi_lib.c).
    ///
    /// - Returns: The sense data where the drive is not ready, `nil` if it is.
    func testReadiness() throws(Errno) -> Sense? {
        let command = Command(
            "TEST UNIT READY",
            cdb: [0, 0, 0, 0, 0, 0],
            timeout: Self.commandTime
        )
        for _ in 0..<5 {
            let completion: Completion
            do throws(TransportError) {
                completion = try transport.send(command)
            } catch {
                throw errno(of: error)
            }
            if completion.succeeded { return nil }
            guard let sense = completion.sense else { throw .inputOutput }
            guard sense.key == .unitAttention else { return sense }
            isChanged = true
        }
        return Sense(.unitAttention, 0x28, 0x00)
    }
}
