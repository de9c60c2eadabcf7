import DiscConversion
import DiscImages
import DiscModel
import DiscVerification
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Pairs of formats that are written (in the long form, every pair), on every disc: what comes back is what was there, but for
/// what the report of losses named.
struct RoundTripTests {
    static let formats = ImageFormat.writable.map(\.name)

    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// Converts, allowing losses, and proving.
    private func convert(_ source: DiscImage, to name: String, as stem: String) throws
        -> (image: DiscImage, result: JobResult)?
    {
        let format = try #require(ImageFormat.named(name))
        let path = folder.path.appending("\(stem).\(format.endings[0])")
        var options = ConversionOptions(output: path)
        options.format = name
        options.allowsLoss = true
        options.proves = true
        options.image.replaces = true
        let job = try ConversionJob(source, options: options)
        do {
            let result = try job.run(cancellation: Cancellation()) { _ in }
            return (try DiscImage(path), result)
        } catch {
            // Only where the disc has nothing that the format could hold.
            #expect(error.status == .refused, "\(error)")
            #expect(source.layout.tracks.allSatisfy { !$0.mode.isData }, "\(error)")
            return nil
        }
    }

    @Test(arguments: SampleDisc.all.indices, formats)
    func `through each format, and from there to each other one`(_ index: Int, _ first: String)
        throws
    {
        let (name, disc) = SampleDisc.all[index]
        let source = try folder.image(of: disc)
        guard let one = try convert(source, to: first, as: "one") else { return }
        #expect(one.result.status == .verified, "\(name) to \(first): \(one.result.sentences)")
        for (_, second) in Soak.pairs(Self.formats).filter({ $0.0 == first }) {
            let pair = "\(name) to \(first) to \(second)"
            guard let two = try convert(one.image, to: second, as: "two") else { continue }
            #expect(two.result.status == .verified, "\(pair): \(two.result.sentences)")
            // Once more against the disc that it all began with: two losses add up.
            var losses: [DiscLoss] = []
            for loss in (one.result.losses ?? []) + (two.result.losses ?? []) {
                let feature = try #require(DiscFeature(rawValue: loss.feature))
                losses.append(DiscLoss(feature: feature, tracks: loss.tracks))
            }
            // Where first the sessions go and then the tracks, nothing says any more what lay where.
            let features = losses.map(\.feature)
            if features.contains(.sessions), features.contains(.tracks), first != second {
                continue
            }
            let both = try DiscComparison(source.disc, two.image.disc, excusing: losses).run(
                cancellation: Cancellation()
            ) { _ in }
            #expect(both.differences.isEmpty, "\(pair): \(both.differences)")
            if losses.isEmpty {
                #expect(both.excused.isEmpty)
                try expectSame(two.image.disc, disc)
            }
        }
    }
}
