import SpindleJobs

/// What is done to audio files, in words.
enum SoundPlanText {
    static func lines(_ sounds: [PlannedSound]) -> [String] {
        guard !sounds.isEmpty else { return [] }
        var lines: [String] = []
        let exact = sounds.count(where: \.exact)
        if exact == sounds.count {
            lines.append("The samples are the files' own; nothing is lost.")
        }
        let resampled = sounds.filter { $0.resampler != nil }
        if let name = resampled.first?.resampler {
            let rates = Set(resampled.map(\.rate)).sorted().map { "\($0) Hz" }
            lines.append(
                "Resampled from \(list(rates)) to 44100 Hz (\(name)): \(tracks(resampled))."
            )
        }
        let dithered = sounds.filter { $0.dither != nil }
        if !dithered.isEmpty {
            lines.append("Rounded to 16 bits with dither (TPDF): \(tracks(dithered)).")
        }
        let mono = sounds.filter { $0.channels == 1 }
        if !mono.isEmpty { lines.append("One channel becomes both: \(tracks(mono)).") }
        for sound in sounds {
            guard let count = sound.clippedSamples, count > 0 else { continue }
            lines.append(
                "In track \(sound.track) \(count) samples are louder than a CD can hold, and are cut."
            )
        }
        let carried = sounds.filter { $0.carriedSamples != nil }
        if !carried.isEmpty {
            lines.append(
                "The last samples, which fill no sector, begin the next track, so that nothing comes between: \(carried.map { "\($0.carriedSamples ?? 0) of track \($0.track)" }.joined(separator: ", "))."
            )
        }
        for sound in sounds {
            guard let count = sound.paddingSamples else { continue }
            lines.append(
                "\(count) samples of silence fill up the last sector of track \(sound.track)."
            )
        }
        return lines
    }

    private static func tracks(_ sounds: [PlannedSound]) -> String {
        let numbers = sounds.map { String($0.track) }
        return (numbers.count == 1 ? "track " : "tracks ") + list(numbers)
    }

    private static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}
