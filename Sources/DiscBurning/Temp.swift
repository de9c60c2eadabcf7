import DiscDrives
import LibCrypto
import Reports
import Transfer
extension Witness {
    func readBack(_ drive: Drive, _ report: DiscReport, _ cancellation: Cancellation, _ tell: @Sendable (JobEvent) -> Void) throws(Failure) -> JobResult {
        do {
            var digest = try Digest(.sha256)
            let source = DriveSource(drive, report, sectors: written.sectors)
            var done = 0
            while done < written.sectors {
                let n = min(32, written.sectors - done)
                var bytes = [UInt8](repeating: 0, count: n * 2048)
                var span = bytes.mutableSpan
                _ = try source.read(at: done, into: &span)
                digest.update(bytes.span.extracting(first: min(n * 2048, written.byteCount - done * 2048)))
                done += n
            }
            let sum = digest.finish()
            return JobResult(sum == written.sha256 ? .verified : .differs, verb: "burn", bytes: written.byteCount)
        } catch { throw Failure(.trouble, "\(error)", meaning: "", advice: "") }
    }
}
