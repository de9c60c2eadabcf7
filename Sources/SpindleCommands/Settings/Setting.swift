import SpindleJobs
package import SystemPackage

/// A line of the configuration file that sets something.
package struct Setting: Hashable, Sendable {
    /// What it sets.
    package let key: SettingKey
    /// The value, which has the form that the key asks for.
    package let value: String
    /// The file that it stands in.
    package let file: FilePath
    /// The line's number, from 1.
    package let line: Int

    /// Where it stands, as compilers write it.
    package var place: String { "\(file):\(line)" }

    /// That it counts, for the plan of a job: nobody is to wonder why a job is done in another way.
    var note: String { "\(key.rawValue) is \(value), as set in \(place)." }

    /// The value as yes or no.
    var isYes: Bool? { SettingKey.isYes(value) }
    /// The value as a speed.
    var speed: DriveSpeed? { DriveSpeed(value) }
    /// The value as a number.
    var number: Int? { Int(value) }
}

extension [Setting] {
    /// Adds the settings that a job goes by to the notes of its plans.
    func noted(
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) -> @Sendable (JobEvent) -> Void {
        guard !isEmpty else { return tell }
        let notes = map(\.note)
        return { event in
            guard case .plan(var plan) = event else { return tell(event) }
            plan.notes += notes
            tell(.plan(plan))
        }
    }
}
