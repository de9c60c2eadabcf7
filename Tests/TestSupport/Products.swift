import LinuxCalls
package import SystemPackage

/// What the build made beside the tests, in whatever configuration it is.
package enum Products {
    /// The folder of the products, which is that of the running test bundle.
    package static let directory: FilePath =
        FileSystem.linkTarget("/proc/self/exe")?.removingLastComponent() ?? "."

    /// The path of the command.
    package static let spindle = directory.appending("spindle").string
}
