internal import CLinux
import Glibc
import Synchronization

/// A thread of the system's own, for calls that block: libburn's, libcdio's, a drive's, a file's.
///
/// Swift's cooperative pool has as many threads as the machine has cores, so that two blocking
/// calls can starve it.
public final class Thread: Sendable {
    private let handle: pthread_t
    /// Whether the thread was joined or detached, which is done once.
    private let isSettled = Atomic(false)

    /// Starts a thread.
    ///
    /// The corresponding C function is `pthread_create`. All signals are blocked in it, so that
    /// they reach the thread that waits for them.
    ///
    /// - Parameters:
    ///   - name: What the system's tools show, at most 15 bytes.
    ///   - body: What the thread does.
    /// - Throws: The system's error where it has no thread to give.
    public init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let job = unsafe Unmanaged.passRetained(ThreadBody(name: name, body: body))
        var handle = pthread_t()
        var previous = sigset_t()
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        let result = unsafe pthread_create(&handle, nil, runThreadBody, job.toOpaque())
        unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        guard result == 0 else {
            unsafe job.release()
            throw SystemError(errno: result, call: "pthread_create")
        }
        self.handle = handle
    }

    /// Waits until the thread has ended; a second call does nothing.
    ///
    /// The corresponding C function is `pthread_join`.
    public func join() {
        guard !isSettled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pthread_join(handle, nil)
    }

    /// Lets the thread go on by itself; to be called instead of ``join()``.
    ///
    /// The corresponding C function is `pthread_detach`.
    public func detach() {
        guard !isSettled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pthread_detach(handle)
    }

    deinit {
        detach()
    }
}

/// What a new thread is handed.
private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

/// The function that a new thread begins with; not a closure, so that no isolation is checked on a
/// thread that Swift did not make.
private func runThreadBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let job = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    unsafe spindle_name_thread(job.name)
    job.body()
    return nil
}
