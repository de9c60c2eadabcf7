import LinuxCalls
import Reports

/// Calls that block, from the world of `async`.
enum Blocking {
    /// Calls a function on a thread of its own and waits for it.
    ///
    /// - Parameter body: What blocks.
    /// - Returns: What it returns.
    /// - Throws: ``SpindleError`` of the function, or if no thread can be started.
    static func call<Value: Sendable>(
        _ body: @escaping @Sendable () throws(SpindleError) -> Value
    ) async throws(SpindleError) -> Value {
        let result: Result<Value, SpindleError> = await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = {
                do throws(SpindleError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            do {
                try Thread(name: "spindle", work).detach()
            } catch {
                let failure = SpindleError(
                    .trouble,
                    "No thread can be started: \(error)",
                    meaning: "Nothing was done.",
                    advice: "Try again later."
                )
                continuation.resume(returning: .failure(failure))
            }
        }
        return try result.get()
    }
}
