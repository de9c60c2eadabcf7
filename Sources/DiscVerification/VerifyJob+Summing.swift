import DiscChecksums
import DiscModel
import LibCrypto
import LinuxCalls
import Reports
import SystemPackage
import Transfer

extension VerifyJob {
    /// The last bytes of an image before which no other length is tried: more than burning adds.
    private static let imageTail = 1 << 20
    /// The sectors behind what an overwritable disc claims in which an image's end is looked for; an
    /// image may have padding of its own that its file systems don't count.
    private static let overwritableTail = 512

    /// Checks a disc or an image against a list of checksums.
    func check(
        _ operand: VerifyOperand,
        _ data: DataDisc,
        against manifest: ChecksumManifest,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        if operand.isDisc, operand.whole?.hasAudio == true {
            throw Failure(
                .usage,
                "\(operand.subject) has audio, which lists of checksums don't cover.",
                meaning: "Nothing was compared.",
                advice: "Verify the disc against an image of it."
            )
        }
        var notes: [String] = []
        var wanted = manifest.entries
        var file: FileSource?
        if !operand.isDisc {
            let choice = try manifest.choice(for: FilePath(text: operand.name))
            wanted = choice.entries
            if let name = choice.otherName {
                notes.append("\(manifest.name) calls the image \(name).")
            }
            file = try Self.file(operand, named: choice.otherName)
        }
        if manifest.foreignLines > 0 {
            notes.append(
                "\(manifest.name) also gives \(manifest.foreignKinds.joined(separator: " and ")) checksums, which Spindle can't compute and did not check."
            )
        }
        if let damage = manifest.damage { notes.append(damage) }
        if manifest.isSigned {
            notes.append("The signature on \(manifest.name) was not checked.")
        }
        let source = file ?? data.source
        let size = source.sectorSize
        var byteCount = file?.byteCount ?? data.byteCount
        if operand.isDisc, let claimed = operand.payloadSectors {
            byteCount = min(max(0, claimed), byteCount / size) * size
        }

        let isCut = operand.surplus == .anything && operand.payloadSectors != nil
        var plan = plan(operand, VerifyOperand(manifest))
        plan.bytes = byteCount
        plan.sectors = isCut ? byteCount / size : source.sectorCount
        plan.notes += notes
        tell(.plan(plan))
        // A sum that was published for a whole file must be that of the whole image; a disc only
        // says about where its image ends.
        var reading = ReadBack(
            source,
            byteCount: byteCount,
            padding: isCut ? Self.overwritableTail : nil,
            algorithms: PrefixSums.consumers([.sha256], searching: wanted),
            phase: .hash,
            singleSpeed: singleSpeed
        )
        reading.wanted = wanted
        reading.wantedFrom = operand.isDisc ? 0 : max(0, byteCount - Self.imageTail)
        let found = try reading.run(cancellation: cancellation, tell: tell)
        let match = PublishedMatch(in: found.matches, of: wanted, payload: found.bytes)
        return verdict(operand, manifest, wanted, found, match, notes)
    }

    /// The file whose bytes a checksum is of, which of a packed or raw image are not the data in it.
    ///
    /// - Parameters:
    ///   - operand: An image.
    ///   - name: What the list calls it, where that is not the image's own name.
    /// - Returns: `nil` if the list may mean the data, or the image is no plain file.
    /// - Throws: ``Reports/Failure`` if the list is about a part of the image.
    private static func file(_ operand: VerifyOperand, named name: String?) throws(Failure)
        -> FileSource?
    {
        let path = FilePath(text: operand.name)
        if let name {
            let base = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? name
            guard
                let part = operand.files.first(where: {
                    $0 != path && $0.lastComponent?.text == base
                })
            else { return nil }
            throw Failure(
                .usage,
                "The checksum is that of \(part), which is only a part of \(path).",
                meaning: "Nothing was compared.",
                advice: "Verify \(part) itself against the list."
            )
        }
        guard let file = try? File(path, .read, nonBlocking: true),
            let kind = try? file.status().kind, kind == .regular
        else { return nil }
        return try? FileSource(file)
    }

    private func verdict(
        _ operand: VerifyOperand,
        _ manifest: ChecksumManifest,
        _ wanted: [ManifestEntry],
        _ found: ReadBackResult,
        _ match: PublishedMatch?,
        _ notes: [String]
    ) -> JobResult {
        var result: JobResult
        // Behind what can't be read no longer image can be found; but the two last sectors of a CD's
        // track that was written at once are run-out and never hold data.
        let runOut = found.endOfReading - 2
        let unreadable = found.unreadable + found.unreadablePadding
        let sums = Set(found.sums.values).union(found.matches.map(\.checksum))
        if let match {
            result = verdict(operand, manifest, found, match)
        } else if found.isWhole, let mixed = MixedMatch(in: sums, of: wanted) {
            result = JobResult(.differs, verb: Self.verb, bytes: found.bytes)
            result.sums = Self.hexadecimal(found.sums.values)
            result.sentences =
                mixed.sentences(operand.subject, manifest.name)
                + ["Find out which of them its publisher meant."]
        } else if found.isWhole, found.unreadablePadding.allSatisfy({ $0 >= runOut }) {
            result = JobResult(.differs, verb: Self.verb, bytes: found.bytes)
            result.sums = Self.hexadecimal(found.sums.values)
            result.sentences = differenceSentences(operand, manifest, wanted, found)
        } else {
            result = JobResult(.incomplete, verb: Self.verb, bytes: found.bytes)
            result.sentences =
                ["\(operand.subject) can't be checked against \(manifest.name)."]
                + Self.sentences(
                    unreadable: unreadable.count,
                    from: unreadable.first,
                    gaveUpAt: found.gaveUpAt
                )
            if let end = found.endedAt {
                result.sentences.append("It ends before sector \(end), earlier than it says.")
            }
            result.sentences += [
                "A checksum says nothing unless every sector is read.", Self.unreadableAdvice,
            ]
        }
        if result.status == .incomplete {
            result.unreadableSectors = unreadable.count
            result.firstUnreadableSector = unreadable.first
        }
        if result.sha256 == nil, result.bytes == found.bytes, found.isWhole {
            result.sha256 = found.sums[.sha256]?.hexadecimal
        }
        result.sentences += notes
        return result
    }

    /// A published checksum was found.
    private func verdict(
        _ operand: VerifyOperand,
        _ manifest: ChecksumManifest,
        _ found: ReadBackResult,
        _ match: PublishedMatch
    ) -> JobResult {
        let size = SectorForm.user.size
        let end = (match.byteCount + size - 1) / size
        let behind = max(0, found.endOfReading - end)
        let isZero = (found.lastNotZero ?? -1) < end
        let unread = (found.unreadable + found.unreadablePadding).filter { $0 >= end }
        let isWholeImage = operand.isDisc || match.byteCount == found.bytes
        // What follows on an overwritable disc is from other times, but not within what the disc
        // itself takes for its image.
        let isAllowed =
            isZero
            || (operand.surplus == .anything && match.byteCount >= found.bytes)

        var result = JobResult(
            isWholeImage && isAllowed ? .verified : .differs,
            verb: Self.verb,
            bytes: match.byteCount
        )
        // Of a longer file this would be the checksum of its beginning.
        if result.status == .verified {
            result.sha256 = match.checksums.first { $0.algorithm == .sha256 }?.hexadecimal
        }
        result.sums = Self.hexadecimal(match.checksums)
        let kinds = match.checksums.map(\.algorithm.displayName).joined(separator: " and ")
        let name = match.name.map { " for \($0)" } ?? ""
        let subject = operand.subject
        let sums = match.checksums.count == 1 ? "the \(kinds) checksum" : "the \(kinds) checksums"
        result.sentences.append(
            behind == 0
                ? "\(subject) has \(sums) that \(manifest.name) gives\(name): \(Wording.bytes(match.byteCount))."
                : "\(subject) begins with \(Wording.bytes(match.byteCount)) that have \(sums) that \(manifest.name) gives\(name)."
        )
        if behind > 0 || !isWholeImage {
            if isZero { result.paddingSectors = behind }
            result.onlyPaddingDiffers = isZero && unread.isEmpty
            let zeros =
                isZero && unread.isEmpty
                ? "all of them zeros"
                : isZero
                    ? "zeros as far as they could be read"
                    : "and they are not all zeros: the last with data is sector \(found.lastNotZero ?? end)"
            result.sentences.append("\(Wording.sectors(behind)) follow, \(zeros).")
        }
        if result.status == .verified, !isZero {
            result.sentences.append("On a rewritable disc these are left over from earlier use.")
        }
        if result.status == .differs {
            result.sentences.append(
                isZero
                    ? "Only padding differs; no data do."
                    : "More is on it than the image whose checksum was published."
            )
        }
        return result
    }

    private func differenceSentences(
        _ operand: VerifyOperand,
        _ manifest: ChecksumManifest,
        _ wanted: [ManifestEntry],
        _ found: ReadBackResult
    ) -> [String] {
        let names = Set(wanted.map(\.name))
        let subject = operand.subject
        var sentences: [String]
        if operand.isDisc {
            let what =
                names.count == 1
                ? "the checksum that \(manifest.name) gives"
                    + (names.first.flatMap { $0 }.map { " for \($0)" } ?? "")
                : "any of the \(wanted.count) checksums that \(manifest.name) gives"
            sentences = ["\(subject) does not have \(what), whatever sector its image ends with."]
        } else {
            let kinds = wanted.map(\.checksum.algorithm.displayName).joined(separator: " and ")
            sentences = [
                "\(subject) does not have the \(kinds) \(wanted.count == 1 ? "checksum" : "checksums") that \(manifest.name) gives."
            ]
            if let size = wanted.compactMap(\.byteCount).first, size != found.bytes {
                sentences.append(
                    "It has \(Wording.bytes(found.bytes)), and should have \(Wording.bytes(size))."
                )
            }
        }
        sentences.append("A checksum does not tell which sectors differ.")
        sentences.append(
            operand.isDisc
                ? "Verify the disc against the image itself to see where they differ."
                : "Download the image again."
        )
        return sentences
    }

    private static func hexadecimal(_ sums: some Sequence<Checksum>) -> [String: String] {
        Dictionary(sums.map { ($0.algorithm.rawValue, $0.hexadecimal) }) { first, _ in first }
    }
}
