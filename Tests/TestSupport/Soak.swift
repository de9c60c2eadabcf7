import LinuxCalls

/// The long forms of tests, which `Scripts/soak` runs; a short form of each always runs.
package enum Soak {
    /// Whether the long forms run.
    package static let isOn = Environment.value("SPINDLE_SOAK") != nil

    /// Returns how often something is done in the short form, or in the long one if that is on.
    package static func count(_ short: Int, long: Int) -> Int { isOn ? long : short }

    /// Returns ordered pairs of things: all of them in the long form.
    ///
    /// In the short form each thing is paired with itself, with the first one both ways, and with
    /// the one that follows it, so that each stands on both sides of several pairs.
    package static func pairs<Thing: Sendable>(_ things: [Thing]) -> [(Thing, Thing)] {
        let count = things.count
        return things.indices.flatMap { a in
            things.indices.filter { b in
                isOn || a == 0 || b == 0 || b == a || b == (a + 1) % count
            }.map { (things[a], things[$0]) }
        }
    }
}
