/// A way in which real drives differ from what the standards ask for, or from each other.
///
/// Each was recorded or reported of a drive; `Docs/VirtualDrive.md` lists them with their sources, and
/// ``QuirkFacts`` says what each does.
public enum Quirk: String, Hashable, Sendable, CaseIterable {
    // Sense data.
    case senseLength0C = "sense-length-0c"
    case senseLength0E = "sense-length-0e"
    case senseLength10 = "sense-length-10"
    case senseLength12 = "sense-length-12"
    case senseLength13 = "sense-length-13"
    case noValidBit = "no-valid-bit"
    case incorrectLength = "incorrect-length"
    case echoesCommand = "echoes-command"
    case descriptorSense = "descriptor-sense"

    // Writing.
    case refusesOPC = "refuses-opc"
    case refusesAfterError = "refuses-after-error"
    case cdEndIsInvalidField = "cd-end-is-invalid-field"
    case busyWhenFull = "busy-when-full"
    case noSecondSession = "no-second-sao"
    case secondSessionFails = "second-sao-fails"
    case leadInAtPregap = "lead-in-at-pregap"
    case noPackets = "no-packets"
    case noRaw16 = "no-raw-16"
    case raw96Only = "raw-96-only"
    case rawNeedsPregap = "raw-needs-pregap"
    case blank3006 = "blank-is-30-06"

    // Closing.
    case emptyCloseSucceeds = "empty-close-succeeds"
    case emptyClose7203 = "empty-close-72-03"
    case emptyClose2C04 = "empty-close-2c-04"
    case emptyClose2C00 = "empty-close-2c-00"
    case emptyClose6400 = "empty-close-64-00"
    case emptyClose2400 = "empty-close-24-00"
    case readyTooEarly = "ready-too-early"
    case slowFixation = "slow-fixation"

    // Reading.
    case runOut1105 = "run-out-11-05"
    case runOut2600 = "run-out-26-00"
    case slowsAfterErrors = "slows-after-errors"
    case readsDataAsAudio = "reads-data-as-audio"
    case noNegativeAddresses = "no-negative-addresses"
    case resetsAtLeadIn = "resets-at-lead-in"

    // Audio.
    case noC2 = "no-c2"
    case noC2Of294 = "no-c2-of-294"
    case c2SumFirst = "c2-sum-first"
    case c2WithoutSum = "c2-without-sum"
    case c2OfDataOnly = "c2-of-data-only"
    case c2Late = "c2-late"
    case c2BehindSubchannel = "c2-behind-subchannel"
    case ignoresFUA = "ignores-fua"
    case understatesBuffer = "understates-buffer"
    case mutesHiddenTrack = "mutes-hidden-track"
    case qCRCZero = "q-crc-zero"
    case qBinary = "q-binary"
    case noIndex0 = "no-index-0"
    case staleCode = "stale-code"

    // No disc, and a disc that comes.
    case noTrayState = "no-tray-state"
    case missesDisc = "misses-disc"
    case rejectsDisc = "rejects-disc"
    case staggeredLoad = "staggered-load"
    case speedNeedsDisc = "speed-needs-disc"
    case smallBufferWhenEmpty = "small-buffer-when-empty"

    // What the drive says it can.
    case twoProfiles = "two-profiles"
    case speedsOnGrid = "speeds-on-cd-grid"
    case zeroSpeeds = "zero-speeds"
    case noPerformance = "no-performance"
    case performanceEndIsCount = "performance-end-is-count"
    case performanceEndIsZero = "performance-end-is-zero"
    case performanceEndIsMaximum = "performance-end-is-maximum"
    case repeatedSpeed = "repeated-speed"
    case speedsRoundedUp = "speeds-rounded-up"
    case slowestOnly = "slowest-only"
    case liesAboutIncremental = "lies-about-incremental"

    // What the drive says of the disc.
    case blankAtPregap = "blank-at-pregap"
    case capacityWithoutRunOut = "capacity-without-run-out"
    case tocControl7 = "toc-control-7"
    case zeroCodes = "zero-codes"
    case showsOldState = "shows-old-state"
    case noFreeBlocks = "no-free-blocks"
    case atipZeros = "atip-zeros"

    // Commands.
    case noStructure11 = "no-structure-11"
    case locksUpOnStructure = "locks-up-on-structure"
    case longDiscInformation = "long-disc-information"
    case noTrayMotor = "no-tray-motor"
    case noShortTrackInformation = "no-short-track-information"
}
