internal import CLibFUSE

/// A session of libfuse, destroyed with this value.
@safe struct FUSEHandle: ~Copyable {
    let session: OpaquePointer

    /// Takes a session over.
    init(adopting session: OpaquePointer) {
        unsafe self.session = session
    }

    deinit {
        unsafe fuse_session_destroy(session)
    }
}
