import LinuxCalls
public import SystemPackage

/// What a person does at a drive, without any program.
public enum HandDeed: Hashable, Sendable {
    /// Presses the button, and takes the disc out of the tray.
    case eject
    /// Puts the disc of a file into the tray, and pushes the tray in; with no file, pushes it in.
    case insert(FilePath?)

    init?(_ request: DriveRequest, _ buffer: ChannelBuffer) {
        switch request.number {
        case 0: self = .eject
        case 1:
            let start = ChannelBuffer.requestPayload
            let bytes = buffer.bytes[start..<(start + request.dataLength)]
            guard !bytes.contains(0) else { return nil }
            self = .insert(
                bytes.isEmpty ? nil : FilePath(bytes: Array(bytes))
            )
        default: return nil
        }
    }

    /// The request that asks for it, with its payload.
    var request: [UInt8] {
        switch self {
        case .eject:
            return DriveRequest(.hand, number: 0).bytes
        case .insert(let path):
            let name = path?.bytes ?? []
            return DriveRequest(.hand, number: 1, dataLength: name.count).bytes + name
        }
    }
}
