internal import CLibCdio
internal import LinuxCalls

/// libcdio's functions, as this wrapper calls them.
enum Calls {
    /// Sends a command over the descriptor that libcdio holds.
    ///
    /// - Returns: libcdio's return code, 0 for success.
    static func run(
        _ device: OpaquePointer,
        cdb: [UInt8],
        direction: cdio_mmc_direction_t,
        data: UnsafeMutableRawPointer?,
        count: Int,
        timeout: Int
    ) -> Int32 {
        var block = mmc_cdb_t()
        unsafe withUnsafeMutableBytes(of: &block) { bytes in
            for (index, byte) in cdb.prefix(bytes.count).enumerated() {
                unsafe bytes[index] = byte
            }
        }
        SystemError.forgetLast()
        return unsafe mmc_run_cmd_len(
            device,
            UInt32(clamping: timeout),
            &block,
            UInt32(cdb.count),
            direction,
            UInt32(count),
            data
        ).rawValue
    }

    /// The sense data of the last command, empty where there were none.
    static func lastSense(_ device: OpaquePointer) -> [UInt8] {
        var sense: UnsafeMutablePointer<cdio_mmc_request_sense_t>?
        let count = unsafe mmc_last_cmd_sense(device, &sense)
        guard count > 0, let found = unsafe sense else { return [] }
        defer { unsafe cdio_free(found) }
        return unsafe Array(UnsafeRawBufferPointer(start: found, count: Int(count)))
    }

    /// Copies a string that libcdio made, and gives its memory back.
    ///
    /// - Returns: `nil` for a null pointer.
    static func taken(_ string: UnsafeMutablePointer<CChar>?) -> String? {
        guard let string = unsafe string else { return nil }
        defer { unsafe cdio_free(string) }
        return unsafe String(cString: string)
    }

    /// The text in a C array of characters, without the blanks around it.
    ///
    /// - Returns: `nil` if there is none.
    static func text<Characters>(of characters: Characters) -> String? {
        let bytes = unsafe withUnsafeBytes(of: characters) { unsafe Array($0) }
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        let words = text.split(separator: " ").joined(separator: " ")
        return words.isEmpty ? nil : words
    }
}
