internal import CLibCdio
internal import LinuxCalls

/// libcdio did not do what it was asked for.
public struct CdioError: Error, Hashable, Sendable {
    /// What kind of trouble it is: libcdio's `driver_return_code_t`, and what this wrapper refuses
    /// itself.
    public struct Code: Hashable, Sendable {
        enum Kind {
            case failed, unsupported, uninitialized, notPermitted, badParameter, badPointer,
                noDriver
            case senseData, cannotOpen, outOfBounds, busy, implausible
        }
        let kind: Kind

        private init(kind: Kind) { self.kind = kind }

        /// The operation failed (`DRIVER_OP_ERROR`).
        public static let failed = Code(kind: .failed)
        /// The driver has no such operation (`DRIVER_OP_UNSUPPORTED`).
        public static let unsupported = Code(kind: .unsupported)
        /// The drive is not open (`DRIVER_OP_UNINIT`).
        public static let uninitialized = Code(kind: .uninitialized)
        /// The system does not permit it (`DRIVER_OP_NOT_PERMITTED`).
        public static let notPermitted = Code(kind: .notPermitted)
        /// The system takes no such parameter (`DRIVER_OP_BAD_PARAMETER`).
        public static let badParameter = Code(kind: .badParameter)
        /// The system can't use the memory that it was given (`DRIVER_OP_BAD_POINTER`).
        public static let badPointer = Code(kind: .badPointer)
        /// libcdio was built without the driver (`DRIVER_OP_NO_DRIVER`).
        public static let noDriver = Code(kind: .noDriver)
        /// The drive answered with sense data (`DRIVER_OP_MMC_SENSE_DATA`).
        public static let senseData = Code(kind: .senseData)
        /// The device or the image can't be opened.
        public static let cannotOpen = Code(kind: .cannotOpen)
        /// A sector that the disc does not have, or a buffer that does not hold what was asked for;
        /// nothing was read.
        public static let outOfBounds = Code(kind: .outOfBounds)
        /// Another program has claimed the drive, or its disc is mounted.
        public static let busy = Code(kind: .busy)
        /// The drive's answer can't be what the standard says it is.
        public static let implausible = Code(kind: .implausible)

        /// What a number that libcdio returned means; `nil` for success.
        init?(returned value: Int32) {
            let kind: Kind? =
                switch value {
                case DRIVER_OP_SUCCESS.rawValue: nil
                case DRIVER_OP_UNSUPPORTED.rawValue: .unsupported
                case DRIVER_OP_UNINIT.rawValue: .uninitialized
                case DRIVER_OP_NOT_PERMITTED.rawValue: .notPermitted
                case DRIVER_OP_BAD_PARAMETER.rawValue: .badParameter
                case DRIVER_OP_BAD_POINTER.rawValue: .badPointer
                case DRIVER_OP_NO_DRIVER.rawValue: .noDriver
                case DRIVER_OP_MMC_SENSE_DATA.rawValue: .senseData
                default: .failed
                }
            guard let kind else { return nil }
            self.kind = kind
        }

        /// What it means, for a sentence; it says no more than the code does.
        var meaning: String {
            switch kind {
            case .failed, .cannotOpen: "it gives no reason"
            case .unsupported: "it has no such operation for this drive"
            case .uninitialized: "the drive is not open"
            case .notPermitted: "that is not permitted"
            case .badParameter: "the system takes no such parameter"
            case .badPointer: "the system can't use the memory that it was given"
            case .noDriver: "it was built without the driver"
            case .senseData: "the drive refused"
            case .outOfBounds: "the disc has no such sector"
            case .busy: "another program uses the drive"
            case .implausible: "the drive's answer can't be right"
            }
        }
    }

    /// What kind of trouble it is.
    public var code: Code
    /// libcdio's function.
    public var call: String
    /// What is known of the cause.
    public var context: String

    init(_ code: Code, _ call: String, _ context: String) {
        self.code = code
        self.call = call
        self.context = context
    }

    /// Calls libcdio, and fails if it returns anything but success.
    ///
    /// The reason is the system's where a system call failed, and else what the return code means.
    static func check(_ call: String, _ body: () -> Int32) throws(CdioError) {
        SystemError.forgetLast()
        guard let code = Code(returned: body()) else { return }
        throw CdioError(code, call, SystemError.last(call)?.reason ?? code.meaning)
    }
}

extension CdioError: CustomStringConvertible {
    /// One sentence.
    public var description: String { "libcdio's \(call) failed: \(context)." }
}
