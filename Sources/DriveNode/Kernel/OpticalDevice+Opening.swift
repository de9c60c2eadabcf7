import LinuxCalls
import MMC
import SystemPackage

/// Opening and closing the node (block/bdev.c; drivers/cdrom/cdrom.c, cdrom_open and on).
extension OpticalDevice {
    /// Opens the node.
    func open(
        _ name: HandleName,
        socket: StreamSocket,
        flags: OpenFlags,
        process: Int32 = 0
    ) throws(Errno) {
        endClosedHandles(except: name)
        let isFirst = handles.isEmpty
        if try checkForChange() || (isFirst && !options.keepsSize) { try revalidate() }
        if !flags.contains(.nonBlocking) || !behaviour.contains(.useFlags) {
            try openForData(flags)
        }
        let handle = NodeHandle(socket: socket, flags: flags)
        handles[name] = handle
        note(process, using: handle)
    }

    private func openForData(_ flags: OpenFlags) throws(Errno) {
        let locks = behaviour.contains(.lock) && capabilities.contains(.lock)
        do throws(Errno) {
            try requireDisc()
            if locks { try? lockDoor(true) }
            profile = currentProfile()
            if flags.isForWriting {
                guard mayOpenForWriting() else { throw .readOnlyMedium }
                isDirty = false
            }
        } catch {
            if locks { try? lockDoor(false) }
            throw error
        }
    }

    /// Sees to it that there is a disc, closing the tray for it (open_for_data).
    private func requireDisc() throws(Errno) {
        var status = try driveStatus()
        if status == .trayOpen {
            guard behaviour.contains(.autoClose), capabilities.contains(.closeTray) else {
                throw .mediumMissing
            }
            do throws(Errno) { try moveTray(open: false) } catch { throw .mediumMissing }
            status = try driveStatus()
            if status == .discPresent, try checkForChange() { try revalidate() }
        }
        let deadline = now + 20
        while status == .notReady && now < deadline {
            pause(seconds: 0.05)
            status = try driveStatus()
            if status != .notReady, try checkForChange() { try revalidate() }
        }
        guard status == .discPresent else { throw .mediumMissing }
        do throws(Errno) {
            let kinds = try countTracks()
            if kinds.data == 0, behaviour.contains(.checkType) { throw .wrongMedium }
        } catch Errno.inputOutput, Errno.driveCannot {
            // A blank disc has no table of contents, and may be opened nevertheless.
            if behaviour.contains(.checkType) { throw .wrongMedium }
        }
    }

    private func currentProfile() -> UInt16 {
        let cdb: [UInt8] = [0x46, 0, 0, 0, 0, 0, 0, 0, 32, 0]
        guard let bytes = try? fetchAll("GET CONFIGURATION", cdb, 32) else { return 0xFFFF }
        return UInt16(bytes[6]) << 8 | UInt16(bytes[7])
    }

    /// The descriptor of the first feature from a number on.
    private func feature(from number: UInt8) -> (code: UInt16, bytes: [UInt8])? {
        let cdb: [UInt8] = [0x46, 0, 0, number, 0, 0, 0, 0, 24, 0]
        guard let bytes = try? fetch("GET CONFIGURATION", cdb, 24), bytes.count >= 12 else {
            return nil
        }
        return (UInt16(bytes[8]) << 8 | UInt16(bytes[9]), Array(bytes[8...]))
    }

    /// Whether a disc may be opened for writing blocks (cdrom_open_write).
    private func mayOpenForWriting() -> Bool {
        var able = capabilities.subtracting([.mrw, .mrwWrite, .randomWrite])
        // Features 28h, Mount Rainier with its write bit, and 20h, random writable.
        if let mrw = feature(from: 0x28), mrw.code == 0x28 {
            able.insert(.mrw)
            if mrw.bytes.count > 4, mrw.bytes[4] & 0x01 != 0 { able.insert(.mrwWrite) }
        }
        let random = feature(from: 0x20)
        if random?.code == 0x20 { able.insert(.randomWrite) }
        knownCapabilities = able
        guard able.contains(.randomWrite) else { return false }
        if able.contains(.mrwWrite) {
            guard let disc = discInformation() else { return false }
            return disc[2] & 0x10 != 0 && disc[7] & 0x03 != 0
        }
        if able.contains(.dvdRAM) {
            guard let disc = discInformation() else { return true }
            return disc[2] & 0x10 != 0
        }
        let others: DriverCapabilities = [.cdR, .cdRW, .dvd, .dvdR, .mrw]
        if able.isDisjoint(with: others) {
            guard let managed = feature(from: 0x24), managed.code == 0x24, let random else {
                return false
            }
            return random.bytes.count > 2 && random.bytes[2] & 0x01 != 0
        }
        return profile == 0x12 || profile == 0x1A
    }

    private func discInformation() -> [UInt8]? {
        let cdb: [UInt8] = [0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]
        guard let bytes = try? fetch("READ DISC INFORMATION", cdb, 34), bytes.count >= 8 else {
            return nil
        }
        return bytes
    }

    /// PREVENT ALLOW MEDIUM REMOVAL.
    func lockDoor(_ isLocked: Bool) throws(Errno) {
        try perform("PREVENT ALLOW MEDIUM REMOVAL", [0x1E, 0, 0, 0, isLocked ? 1 : 0, 0])
    }

    /// START STOP UNIT with its load and eject bit.
    func moveTray(open: Bool) throws(Errno) {
        try perform("START STOP UNIT", [0x1B, 0, 0, 0, open ? 2 : 3, 0], time: .seconds(60))
    }

    /// Ends the handles whose programs have closed them: their own threads may be late.
    func endClosedHandles(except name: HandleName? = nil) {
        for (key, handle) in handles where key == name || handle.socket.hasHungUp {
            close(key, handle)
        }
    }

    /// Ends a handle, where it has not been ended already (cdrom_release).
    func close(_ name: HandleName, _ handle: NodeHandle) {
        guard handles[name] === handle else { return }
        handles[name] = nil
        clock?.forget(ObjectIdentifier(handle))
        guard handles.isEmpty else { return }
        finishWriting()
        cache.removeAll()
        doubtfulPages = 0..<0
        if capabilities.contains(.lock), !keepsLocked { try? lockDoor(false) }
        if behaviour.contains(.autoEject), !handle.flags.contains(.nonBlocking) {
            try? moveTray(open: true)
        }
    }

    /// Finishes a DVD+RW that has been written as a block device (cdrom_dvd_rw_close_write).
    private func finishWriting() {
        guard profile == 0x1A, isDirty else { return }
        isDirty = false
        try? perform(
            "SYNCHRONIZE CACHE",
            [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            time: .seconds(30)
        )
        try? perform(
            "CLOSE TRACK",
            [0x5B, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            time: .seconds(3000)
        )
        try? perform(
            "CLOSE SESSION",
            [0x5B, 0, 2, 0, 0, 0, 0, 0, 0, 0],
            time: .seconds(3000)
        )
    }

    /// Takes or gives up a lock that is only advice.
    ///
    /// - Parameters:
    ///   - handle: Through which it is asked for.
    ///   - operation: LOCK_SH (1), LOCK_EX (2) or LOCK_UN (8) of `flock`.
    ///   - process: The process that the lock belongs to; 0 where it is the handle's.
    /// - Throws: EWOULDBLOCK where another holds it.
    func lock(_ handle: NodeHandle, operation: Int32, process: Int32) throws(Errno) {
        guard [1, 2, 8].contains(operation) else { throw .invalid }
        func isOwn(_ lock: NodeHandle.AdvisoryLock, of holder: NodeHandle) -> Bool {
            process == 0 ? holder === handle : lock.process == process
        }
        let isExclusive = operation == 2
        endClosedHandles()
        if operation != 8 {
            for holder in handles.values {
                for held in holder.locks where (held.process == 0) == (process == 0) {
                    if !isOwn(held, of: holder), held.isExclusive || isExclusive {
                        throw .wouldWait
                    }
                }
            }
        }
        for holder in handles.values {
            holder.locks.removeAll {
                ($0.process == 0) == (process == 0) && isOwn($0, of: holder)
            }
        }
        guard operation != 8 else { return }
        handle.locks.append(.init(process: process, isExclusive: isExclusive))
    }
}
