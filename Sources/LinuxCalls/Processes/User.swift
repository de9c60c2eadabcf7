import Glibc

/// Who this process runs as, and the groups of the system.
public enum User {
    /// The effective user's number; 0 may do everything.
    ///
    /// The corresponding C function is `geteuid`.
    public static var number: Int { Int(geteuid()) }

    /// The effective group's number.
    ///
    /// The corresponding C function is `getegid`.
    public static var groupNumber: Int { Int(getegid()) }

    /// The effective user's name; `nil` if the system has none for the number.
    ///
    /// The corresponding C function is `getpwuid_r`.
    public static var name: String? {
        var entry = unsafe passwd()
        var buffer = [CChar](repeating: 0, count: 1 << 14)
        var result: UnsafeMutablePointer<passwd>?
        let status = unsafe getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &result)
        guard unsafe status == 0 && result != nil else { return nil }
        return unsafe entry.pw_name.map { unsafe String(cString: $0) }
    }

    /// The numbers of the groups that this process belongs to.
    ///
    /// The corresponding C functions are `getgroups` and `getegid`.
    public static var groups: Set<Int> {
        var list = [gid_t](repeating: 0, count: 1 << 12)
        let count = unsafe getgroups(CInt(list.count), &list)
        return Set(list.prefix(max(0, Int(count))).map { Int($0) } + [Int(getegid())])
    }

    /// A group's name; `nil` if the system has none for the number.
    ///
    /// The corresponding C function is `getgrgid_r`.
    public static func groupName(_ number: Int) -> String? {
        guard let number = gid_t(exactly: number) else { return nil }
        var entry = unsafe group()
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        var result: UnsafeMutablePointer<group>?
        let status = unsafe getgrgid_r(number, &entry, &buffer, buffer.count, &result)
        guard unsafe status == 0 && result != nil else { return nil }
        return unsafe entry.gr_name.map { unsafe String(cString: $0) }
    }

    /// The users that the system's list counts among a group's members, whether or not their processes
    /// belong to it yet.
    ///
    /// The corresponding C function is `getgrgid_r`.
    public static func members(ofGroup number: Int) -> [String] {
        guard let number = gid_t(exactly: number) else { return [] }
        var entry = unsafe group()
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        var result: UnsafeMutablePointer<group>?
        let status = unsafe getgrgid_r(number, &entry, &buffer, buffer.count, &result)
        guard unsafe status == 0 && result != nil, var next = unsafe entry.gr_mem else { return [] }
        var names: [String] = []
        while let name = unsafe next.pointee {
            unsafe names.append(String(cString: name))
            unsafe next += 1
        }
        return names
    }
}
