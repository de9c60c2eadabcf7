internal import CLibFUSE
public import LinuxCalls
public import SystemPackage

/// A file system that is mounted and served by threads of this process, until it is unmounted.
@safe public final class MountSession: @unchecked Sendable {
    // Safe to share: libfuse's session is made to be used by several threads, and the rest is constant.

    /// What is known of the threads that serve.
    fileprivate struct Service {
        var threads = 0
        /// Whether the kernel has said hello (FUSE_INIT).
        var hasBegun = false
        var isEnding = false
    }

    /// What the callbacks are given.
    final class Box: Sendable {
        let server: any FileServer
        fileprivate let service = Monitor(Service())

        init(_ server: any FileServer) { self.server = server }

        func begin() { service.update { $0.hasBegun = true } }
    }

    /// Threads that answer: one that waits for a disc leaves others for those who ask for names.
    ///
    /// Where files can be written to, threads also wait for each other: for a file to be copied, and for the
    /// storage.
    private let threadCount: Int

    /// The directory that it is mounted on.
    public let directory: FilePath
    private let handle: FUSEHandle
    private let box: Box

    /// Mounts a file system; nobody answers before ``serve()``.
    ///
    /// The corresponding C functions are `fuse_session_new` and `fuse_session_mount`. Without root's
    /// privileges libfuse starts `fusermount3` for it.
    ///
    /// - Parameters:
    ///   - server: What answers.
    ///   - directory: Where it is mounted.
    ///   - options: How.
    /// - Throws: ``MountError``.
    public init(_ server: any FileServer, on directory: FilePath, _ options: MountOptions)
        throws(MountError)
    {
        spindle_fuse_listen()
        box = Box(server)
        threadCount = options.isWritable ? 16 : 4
        self.directory = directory
        var operations = options.isWritable ? FileOperations.writing : FileOperations.reading
        let context = unsafe Unmanaged.passUnretained(box).toOpaque()
        let text = PathText.bytes(of: options.text).map { CChar(bitPattern: $0) } + [0]
        guard let session = unsafe spindle_fuse_new(text, &operations, context) else {
            throw MountError(unsafe String(cString: spindle_fuse_said()))
        }
        handle = unsafe FUSEHandle(adopting: session)
        let result = unsafe directory.withPlatformString { unsafe fuse_session_mount(session, $0) }
        guard result == 0 else {
            throw MountError(unsafe String(cString: spindle_fuse_said()))
        }
    }

    deinit {
        // Before the handle goes; it does nothing if the file system is unmounted already.
        unsafe fuse_session_unmount(handle.session)
    }

    /// Starts the threads that answer, and waits until the kernel has asked for the first time.
    ///
    /// They keep this object alive until the file system is unmounted.
    ///
    /// - Throws: The system's error if it has no thread to give.
    public func serve() throws(SystemError) {
        for _ in 0..<threadCount {
            box.service.update { $0.threads += 1 }
            do throws(SystemError) {
                try Thread(name: "files") { [self] in
                    answer()
                    box.service.update { $0.threads -= 1 }
                }.detach()
            } catch {
                box.service.update { $0.threads -= 1 }
                end()
                throw error
            }
        }
        box.service.wait { $0.hasBegun || $0.threads == 0 ? () : nil }
    }

    /// Waits until the file system is unmounted.
    ///
    /// Where ``end()`` took it away from programs that still have files of it open, it waits no longer
    /// than a second.
    public func waitForEnd() {
        box.service.wait { $0.threads == 0 || $0.isEnding ? () : nil }
        _ = box.service.wait(atMost: .seconds(1)) { $0.threads == 0 ? () : nil }
        box.server.finish()
    }

    /// Takes the file system away at once, whoever uses it: programs that have files of it open get
    /// errors when this process ends.
    public func end() {
        unsafe fuse_session_exit(handle.session)
        try? Mounts.unmount(directory, lazily: true)
        box.service.update { $0.isEnding = true }
    }

    /// Answers until the file system is unmounted.
    ///
    /// The corresponding C functions are `fuse_session_receive_buf` and `fuse_session_process_buf`.
    private func answer() {
        var buffer = unsafe fuse_buf()
        defer { unsafe CMemory.free(buffer.mem) }
        while unsafe fuse_session_exited(handle.session) == 0 {
            let count = unsafe fuse_session_receive_buf(handle.session, &buffer)
            // libfuse says 0 for an unmounted file system.
            if count == 0 { break }
            if count < 0 {
                if SystemError(errno: -count, call: "read").isTransient { continue }
                break
            }
            unsafe fuse_session_process_buf(handle.session, &buffer)
        }
        unsafe fuse_session_exit(handle.session)
    }
}
