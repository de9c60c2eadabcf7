import LinuxCalls

/// The long forms of tests, which `Scripts/soak` runs; a short form of each always runs.
package enum Soak {
    /// Whether the long forms run.
    package static let isOn = Environment.value("SPINDLE_SOAK") != nil

    /// Returns how often something is done in the short form, or in the long one if that is on.
    package static func count(_ short: Int, long: Int) -> Int { isOn ? long : short }
}
