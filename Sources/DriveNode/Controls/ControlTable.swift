import SystemPackage

/// The ioctls that the node knows, each with what carries it out.
enum ControlTable {
    /// Carries out an ioctl: changes its argument, and returns what `ioctl` returns.
    typealias Handler =
        @Sendable (OpticalDevice, NodeHandle, inout ControlArgument) throws(Errno)
        -> Int32

    static let handlers: [ControlRequest: Handler] = drive.merging(disc) { first, _ in first }
        .merging(reading) { first, _ in first }
        .merging(block) { first, _ in first }

    /// A fixed number, as so many bytes of the argument.
    private static func tells(_ value: Int64, _ length: Int) -> Handler {
        { (_, _, argument) throws(Errno) in
            argument.put(value, length: length)
            return 0
        }
    }

    /// The SG driver's part that block devices have too, and the door (block/scsi_ioctl.c;
    /// drivers/scsi/scsi_ioctl.c; drivers/cdrom/cdrom.c).
    private static let drive: [ControlRequest: Handler] = [
        .sgGetVersion: tells(30527, 4),
        .sgEmulatedHost: tells(1, 4),
        .sgGetTimeout: { (device, _, _) throws(Errno) in device.timeout },
        .sgSetTimeout: { (device, _, argument) throws(Errno) in
            device.timeout = argument.int32()
            return 0
        },
        .sgGetReservedSize: { (device, _, argument) throws(Errno) in
            argument.put(device.reservedSize, length: 4)
            return 0
        },
        .sgSetReservedSize: { (device, _, argument) throws(Errno) in
            guard argument.int32() >= 0 else { throw .invalid }
            device.reservedSize = min(argument.int32(), 4 * 1024 * 1024)
            return 0
        },
        // struct sg_scsi_id: host, channel, id, LUN, type 5, queue depths.
        .sgGetSCSIID: { (device, _, argument) throws(Errno) in
            let values: [Int32] = [Int32(device.options.number), 0, 0, 0, 5]
            for (i, value) in values.enumerated() { argument.put(value, at: 4 * i, length: 4) }
            argument.put(1, at: 20, length: 2)
            argument.put(1, at: 22, length: 2)
            return 0
        },
        .scsiGetIDLUN: { (device, _, argument) throws(Errno) in
            argument.put(UInt32(device.options.number & 0xFF) << 24, length: 4)
            argument.put(device.options.number, at: 4, length: 4)
            return 0
        },
        .scsiGetBusNumber: { (device, _, argument) throws(Errno) in
            argument.put(device.options.number, length: 4)
            return 0
        },
        .scsiTestUnitReady: { (device, _, _) throws(Errno) in
            try device.perform("TEST UNIT READY", [0, 0, 0, 0, 0, 0])
            return 0
        },
        .scsiDoorLock: { (device, _, _) throws(Errno) in
            try device.lockDoor(true)
            return 0
        },
        .scsiDoorUnlock: { (device, _, _) throws(Errno) in
            try device.lockDoor(false)
            return 0
        },
        .lockDoor: { (device, _, argument) throws(Errno) in
            guard device.capabilities.contains(.lock) else { throw .driveCannot }
            device.keepsLocked = argument.integer != 0
            try device.lockDoor(device.keepsLocked)
            return 0
        },
        .eject: { (device, _, _) throws(Errno) in
            guard device.capabilities.contains(.openTray) else { throw .notImplemented }
            device.endClosedHandles()
            guard device.handles.count == 1, !device.keepsLocked else { throw .busy }
            if device.capabilities.contains(.lock) { try device.lockDoor(false) }
            try device.moveTray(open: true)
            return 0
        },
        .closeTray: { (device, _, _) throws(Errno) in
            guard device.capabilities.contains(.closeTray) else { throw .notImplemented }
            try device.moveTray(open: false)
            return 0
        },
        .ejectSwitch: { (device, _, argument) throws(Errno) in
            device.behaviour.subtract([.autoClose, .autoEject])
            if argument.integer != 0 { device.behaviour.formUnion([.autoClose, .autoEject]) }
            return 0
        },
        .setOptions: { (device, _, argument) throws(Errno) in
            device.behaviour.formUnion(
                DriverOptions(rawValue: Int32(truncatingIfNeeded: argument.integer))
            )
            return device.behaviour.rawValue
        },
        .clearOptions: { (device, _, argument) throws(Errno) in
            device.behaviour.subtract(
                DriverOptions(rawValue: Int32(truncatingIfNeeded: argument.integer))
            )
            return device.behaviour.rawValue
        },
        // SET CD SPEED, in kB/s of 177 a piece.
        .selectSpeed: { (device, _, argument) throws(Errno) in
            let factor = argument.integer
            let speed = factor <= 0 || factor >= 0xFFFF / 177 ? 0xFFFF : UInt16(factor * 177)
            do throws(Errno) {
                try device.perform(
                    "SET CD SPEED",
                    [0xBB, 0, UInt8(speed >> 8), UInt8(speed & 0xFF), 0, 0, 0, 0, 0, 0, 0, 0]
                )
            } catch {
                throw .inputOutput
            }
            return 0
        },
        .getCapability: { (device, _, _) throws(Errno) in device.capabilities.rawValue },
        .changerSlots: { (_, _, _) throws(Errno) in 1 },
        .debug: { (device, _, argument) throws(Errno) in
            device.debugs = argument.integer != 0
            return device.debugs ? 1 : 0
        },
        .pause: { (device, _, _) throws(Errno) in
            try device.perform("PAUSE/RESUME", [0x4B, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            return 0
        },
        .resume: { (device, _, _) throws(Errno) in
            try device.perform("PAUSE/RESUME", [0x4B, 0, 0, 0, 0, 0, 0, 0, 1, 0])
            return 0
        },
        .start: { (device, _, _) throws(Errno) in
            try device.perform("START STOP UNIT", [0x1B, 1, 0, 0, 1, 0])
            return 0
        },
        .stop: { (device, _, _) throws(Errno) in
            try device.perform("START STOP UNIT", [0x1B, 1, 0, 0, 0, 0])
            return 0
        },
        .playMSF: { (device, _, argument) throws(Errno) in
            try device.perform(
                "PLAY AUDIO MSF",
                [0x47, 0, 0] + (0..<6).map { argument[$0] } + [0]
            )
            return 0
        },
    ]

    /// The block device (block/ioctl.c).
    private static let block: [ControlRequest: Handler] = [
        .blockGetReadOnly: { (device, _, argument) throws(Errno) in
            argument.put(device.options.isReadOnly ? 1 : 0, length: 4)
            return 0
        },
        .blockGetSize: { (device, _, argument) throws(Errno) in
            argument.put(device.size / OpticalDevice.sizeUnit, length: 8)
            return 0
        },
        .blockGetSize64: { (device, _, argument) throws(Errno) in
            argument.put(device.size, length: 8)
            return 0
        },
        .blockFlush: { (device, _, _) throws(Errno) in
            device.cache.removeAll()
            device.doubtfulPages = 0..<0
            return 0
        },
        .blockGetReadAhead: getReadAhead,
        .blockGetFileReadAhead: getReadAhead,
        .blockSetReadAhead: setReadAhead,
        .blockSetFileReadAhead: setReadAhead,
        .blockGetMaximum: tells(Int64(OpticalDevice.largestCommand / OpticalDevice.sizeUnit), 2),
        .blockGetSectorLength: tells(Int64(OpticalDevice.sectorLength), 4),
        .blockGetPhysicalLength: tells(Int64(OpticalDevice.sectorLength), 4),
        .blockGetMinimum: tells(Int64(OpticalDevice.sectorLength), 4),
        .blockGetOptimum: tells(0, 4),
        .blockGetAlignment: tells(0, 4),
        .blockIsRotational: tells(1, 2),
        .blockGetBlockLength: { (device, _, argument) throws(Errno) in
            let isOdd = device.size % OpticalDevice.pageLength != 0
            argument.put(isOdd ? OpticalDevice.sectorLength : OpticalDevice.pageLength, length: 4)
            return 0
        },
        .blockSetBlockLength: { (_, _, argument) throws(Errno) in
            guard [2048, 4096].contains(argument.int32()) else { throw .invalid }
            return 0
        },
    ]

    private static let getReadAhead: Handler = { (device, _, argument) throws(Errno) in
        argument.put(device.readAheadSize, length: 8)
        return 0
    }

    private static let setReadAhead: Handler = { (device, _, argument) throws(Errno) in
        device.readAheadSize = argument.integer
        return 0
    }
}
