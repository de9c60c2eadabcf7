import ArgumentParser
import SpindleJobs

/// A speed on the command line.
struct SpeedArgument: ExpressibleByArgument, Sendable {
    let speed: DriveSpeed
    /// As it was given.
    let text: String

    init?(argument: String) {
        guard let speed = DriveSpeed(argument) else { return nil }
        self.speed = speed
        text = argument
    }
}
