import DiscModel
import MMC

/// How hard a drive tries to read sectors that it can't read at once, as far as it lets itself be told.
///
/// A drive's own retries take seconds for each bad sector. Mode page 01h (MMC-6 §7.3) has their number;
/// drives that do not have it, or heed it, and systems that do not let the command through, leave
/// things as they are.
public final class DriveEffort {
    /// How hard.
    public enum Level: Hashable, Sendable {
        /// As the drive was found.
        case usual
        /// With one retry.
        case quick
        /// With all the retries that it was found with, at a low speed.
        case patient
    }

    /// Where the count of retries stands behind the page's header.
    private static let retryCount = 1
    /// The code of the page for the recovery of errors.
    private static let pageCode = 0x01
    /// A low speed in kB/s: 4× on CD and DVD, 2× on BD.
    private static let lowSpeeds: [MediumFacts.Family: Int] = [.cd: 706, .dvd: 5540, .bd: 8991]

    private let drive: Drive
    private let family: MediumFacts.Family?
    private let speed: Int
    /// The way for commands that change settings; absent until one is sent.
    private var control: (any Transport)?
    private var page: ModePages.Page?
    private var isPrepared = false
    /// What the drive was told last.
    public private(set) var level = Level.usual
    /// The count of retries that it was told last; `nil` for its own.
    private var retries: UInt8?

    /// Takes a drive as it is.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says about the disc.
    ///   - speed: The speed in kB/s at which it reads; `nil` for its fastest.
    public init(_ drive: Drive, _ report: DiscReport, speed: Int?) {
        self.drive = drive
        family = report.medium?.facts.family
        self.speed = speed ?? 0xFFFF
    }

    /// Tells the drive how hard to try, unless it was told so last.
    public func set(_ level: Level) {
        guard level != self.level else { return }
        send(level)
    }

    /// Tells the drive once more: one that was reset has forgotten it.
    public func `repeat`() {
        guard level != .usual else { return }
        retries = nil
        send(level)
    }

    /// Sets the speed once more: drives were seen to stay slow after an error until one is set (t-050 of
    /// the recorded times).
    public func restoreSpeed() {
        guard level != .patient else { return }
        _ = try? control?.send(.setSpeed(read: speed, write: 0xFFFF))
    }

    private func send(_ level: Level) {
        prepare()
        if var page {
            let own = page.data[Self.retryCount]
            let wanted = level == .quick ? 1 : own
            if wanted != retries ?? own {
                page.data[Self.retryCount] = wanted
                let (command, list) = Command.modeSelect(page)
                _ = try? control?.send(command, sending: list)
            }
            retries = wanted
        }
        let isSlow = level == .patient
        if isSlow || self.level == .patient, let family {
            let slow = min(speed, Self.lowSpeeds[family] ?? speed)
            _ = try? control?.send(.setSpeed(read: isSlow ? slow : speed, write: 0xFFFF))
        }
        self.level = level
    }

    /// Asks for the page as the drive was found.
    private func prepare() {
        guard !isPrepared else { return }
        isPrepared = true
        control = try? drive.control()
        guard let (completion, bytes) = try? drive.commands.fetch(.modeSense(page: Self.pageCode)),
            completion.succeeded,
            let page = (try? ModePages(parsing10: bytes))?.page(Self.pageCode),
            page.data.count > Self.retryCount, page.data[Self.retryCount] > 1
        else { return }
        self.page = page
    }
}
