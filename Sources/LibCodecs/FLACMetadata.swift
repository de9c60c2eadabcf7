internal import CLibFLAC

/// The blocks of a FLAC file's header, as libFLAC takes them; who asks for one frees it.
enum FLACMetadata {
    /// A block of comments.
    ///
    /// The corresponding C functions are `FLAC__metadata_object_new`,
    /// `FLAC__metadata_object_vorbiscomment_entry_from_name_value_pair` and
    /// `FLAC__metadata_object_vorbiscomment_append_comment`.
    static func comments(_ tags: [FLACTag]) throws(FLACError)
        -> UnsafeMutablePointer<FLAC__StreamMetadata>
    {
        guard let block = unsafe FLAC__metadata_object_new(FLAC__METADATA_TYPE_VORBIS_COMMENT)
        else { throw FLACError.noMemory }
        for tag in tags {
            var entry = unsafe FLAC__StreamMetadata_VorbisComment_Entry()
            // What can't be spelt there, such as a zero within a value, is left out.
            guard
                unsafe FLAC__metadata_object_vorbiscomment_entry_from_name_value_pair(
                    &entry,
                    tag.name,
                    tag.value
                ) != 0
            else { continue }
            // The block takes the entry over.
            guard
                unsafe FLAC__metadata_object_vorbiscomment_append_comment(block, entry, 0) != 0
            else {
                unsafe FLAC__metadata_object_delete(block)
                throw FLACError.noMemory
            }
        }
        return unsafe block
    }

    /// A block with the picture of the front.
    ///
    /// The corresponding C functions are `FLAC__metadata_object_new`,
    /// `FLAC__metadata_object_picture_set_mime_type` and `FLAC__metadata_object_picture_set_data`.
    static func picture(_ cover: FLACPicture) throws(FLACError)
        -> UnsafeMutablePointer<FLAC__StreamMetadata>
    {
        guard let block = unsafe FLAC__metadata_object_new(FLAC__METADATA_TYPE_PICTURE) else {
            throw FLACError.noMemory
        }
        unsafe block.pointee.data.picture.type = FLAC__STREAM_METADATA_PICTURE_TYPE_FRONT_COVER
        unsafe block.pointee.data.picture.width = UInt32(clamping: cover.width)
        unsafe block.pointee.data.picture.height = UInt32(clamping: cover.height)
        unsafe block.pointee.data.picture.depth = UInt32(clamping: cover.depth)
        var bytes = cover.bytes
        let isSet = unsafe cover.type.withCString { type in
            // It is copied, and not changed.
            let text = unsafe UnsafeMutablePointer(mutating: type)
            return unsafe FLAC__metadata_object_picture_set_mime_type(block, text, 1) != 0
                && FLAC__metadata_object_picture_set_data(block, &bytes, UInt32(bytes.count), 1)
                    != 0
        }
        guard isSet else {
            unsafe FLAC__metadata_object_delete(block)
            throw FLACError.noMemory
        }
        return unsafe block
    }

    /// A block with the tracks of a CD.
    ///
    /// The corresponding C functions are `FLAC__metadata_object_new`,
    /// `FLAC__metadata_object_cuesheet_resize_tracks` and
    /// `FLAC__metadata_object_cuesheet_track_resize_indices`.
    ///
    /// - Parameter sheet: The tracks, which a block can say.
    /// - Returns: The block.
    /// - Throws: ``FLACError`` where there is no memory.
    static func cueSheet(_ sheet: FLACCueSheet) throws(FLACError)
        -> UnsafeMutablePointer<FLAC__StreamMetadata>
    {
        guard let block = unsafe FLAC__metadata_object_new(FLAC__METADATA_TYPE_CUESHEET) else {
            throw FLACError.noMemory
        }
        unsafe block.pointee.data.cue_sheet.is_cd = 1
        unsafe block.pointee.data.cue_sheet.lead_in = UInt64(FLACCueSheet.leadInSamples)
        unsafe withUnsafeMutableBytes(
            of: &block.pointee.data.cue_sheet.media_catalog_number
        ) { unsafe copy(sheet.catalog, to: $0) }
        // The lead-out is the last one.
        let count = sheet.tracks.count + 1
        guard unsafe FLAC__metadata_object_cuesheet_resize_tracks(block, UInt32(count)) != 0,
            let tracks = unsafe block.pointee.data.cue_sheet.tracks
        else {
            unsafe FLAC__metadata_object_delete(block)
            throw FLACError.noMemory
        }
        for (number, track) in sheet.tracks.enumerated() {
            let start = track.indexes.first?.sample ?? 0
            unsafe tracks[number].offset = UInt64(start)
            unsafe tracks[number].number = UInt8(track.number)
            unsafe tracks[number].pre_emphasis = track.hasPreEmphasis ? 1 : 0
            unsafe withUnsafeMutableBytes(of: &tracks[number].isrc) {
                unsafe copy(track.isrc, to: $0)
            }
            guard
                unsafe FLAC__metadata_object_cuesheet_track_resize_indices(
                    block,
                    UInt32(number),
                    UInt32(track.indexes.count)
                ) != 0, let indexes = unsafe tracks[number].indices
            else {
                unsafe FLAC__metadata_object_delete(block)
                throw FLACError.noMemory
            }
            for (place, index) in track.indexes.enumerated() {
                unsafe indexes[place].offset = UInt64(index.sample - start)
                unsafe indexes[place].number = UInt8(index.number)
            }
        }
        unsafe tracks[count - 1].offset = UInt64(sheet.leadOut)
        unsafe tracks[count - 1].number = FLACCueSheet.leadOutNumber
        return unsafe block
    }

    /// Puts a text where there are zeros, the last of which stays.
    private static func copy(_ text: String?, to field: UnsafeMutableRawBufferPointer) {
        for (place, byte) in (text ?? "").utf8.prefix(field.count - 1).enumerated() {
            unsafe field[place] = byte
        }
    }

    /// A block that keeps room free.
    ///
    /// The corresponding C function is `FLAC__metadata_object_new`.
    static func padding(_ count: Int) throws(FLACError)
        -> UnsafeMutablePointer<FLAC__StreamMetadata>
    {
        guard let block = unsafe FLAC__metadata_object_new(FLAC__METADATA_TYPE_PADDING) else {
            throw FLACError.noMemory
        }
        unsafe block.pointee.length = UInt32(clamping: count)
        return unsafe block
    }
}
