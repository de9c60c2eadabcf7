import DiscImages
import LinuxCalls
import Reports
import SystemPackage
import Transfer

extension DiscImage {
    /// Whether the file is its data, of 2048 bytes a sector, and nothing else.
    var isPlain: Bool {
        let count = (source.sectorCount ?? 0) * 2048
        return format?.name == ImageFormat.iso.name && source.sectorSize == 2048
            && (try? FileSystem.status(path))?.size == count
    }

    /// What it has beside its data, and a plain image of those doesn't hold.
    ///
    /// - Throws: ``Reports/Failure`` if it can't be read.
    func lossesInPlain(_ cancellation: Cancellation) throws(Failure) -> [JobLoss] {
        guard !isPlain else { return [] }
        let holds = ImageFormat.iso.holds
        do {
            let inventory = try DiscInventory(
                of: disc,
                reading: true,
                lookingFor: Set(DiscFeature.allCases).subtracting(holds),
                cancellation
            )
            return DiscLoss.losses(of: inventory, holding: holds).map { loss in
                JobLoss(feature: loss.feature.rawValue, tracks: loss.tracks, text: "\(loss)")
            }
        } catch {
            throw EditableVolume.damaged(path.string, "\(error)")
        }
    }
}
