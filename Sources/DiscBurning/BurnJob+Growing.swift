import DiscDrives
import DiscFiles
import DiscModel
import LibBurn
import LinuxCalls
import Reports
import SystemPackage
import Transfer

extension BurnJob {
    /// Does what is left to do to a disc whose payload was found to be right.
    ///
    /// A disc that can be written anywhere shows the volume whose descriptors are in sector 16. A further
    /// volume's descriptors are copied there when all else is on the disc, so that the disc shows what
    /// it showed before until then (the way of growisofs and xorriso).
    ///
    /// - Returns: The result, as it is with that.
    func complete(
        _ result: JobResult,
        _ plan: BurnPlan,
        _ written: Written,
        _ drive: Drive,
        _ report: DiscReport
    ) -> JobResult {
        guard plan.grows else { return result }
        let sectors = plan.point.address + written.sectors
        var result = result
        do {
            let source = DriveSource(drive, report, sectors: sectors, forcesAccess: true)
            let head = try VolumeHead(
                source,
                at: plan.point.address,
                sectors: written.sectors,
                block: plan.medium.facts.sectorsPerBlock
            )
            try write(head, plan)
            try check(head)
            result.sentences.append(
                "The disc now shows the new volume, from sector \(plan.point.address) on."
            )
        } catch {
            let failure = (error as? Failure)?.what ?? "\(error)"
            result.status = .failed
            result.reason = .writeError
            result.sentences.insert(
                "The new volume is on the disc from sector \(plan.point.address) on, but its descriptors did not come to sector 16: \(failure)",
                at: 0
            )
            result.sentences.append(
                "See with “spindle info” which volume the disc shows, and burn the image again."
            )
        }
        return result
    }

    private func write(_ head: VolumeHead, _ plan: BurnPlan) throws {
        let job = SessionJob(
            mode: .trackAtOnce,
            tracks: [TrackJob(kind: .data, payloadSectors: head.sectors)],
            conditions: plan.conditions,
            startSector: head.place
        )
        let order = BurnOrder(address: node.string, task: .write(job, formattingTo: nil))
        do throws(BurnError) {
            _ = try order.run(
                by: options.libburn,
                input: BytesInput(head.bytes),
                control: WriteControl().asking(node)
            )
        } catch {
            Drive.unlockDoor(node)
            throw error
        }
    }

    /// Has the drive say what is there now.
    private func check(_ head: VolumeHead) throws {
        let drive = try Drive(node)
        let source = DriveSource(
            drive,
            try drive.inspectDisc(),
            sectors: head.place + head.sectors,
            forcesAccess: true
        )
        guard try VolumeHead.read(source, head.place..<head.place + head.sectors) == head.bytes
        else {
            throw Failure(
                .trouble,
                .writeError,
                "other data are there.",
                meaning: "",
                advice: ""
            )
        }
    }
}

/// Bytes in memory that libburn writes.
private final class BytesInput: BurnInput {
    private let bytes: [UInt8]
    private let position = Monitor(0)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        let first = position.read { $0 }
        let count = min(buffer.count, bytes.count - first)
        let piece = Array(bytes[first..<first + count])
        Bytes.copy(piece.span, to: &buffer, at: 0)
        position.update { $0 = first + count }
        return count
    }
}
