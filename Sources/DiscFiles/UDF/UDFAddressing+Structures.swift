/// The structures in a volume's blocks, and the copies of those that lie in a metadata partition.
extension UDFAddressing {
    /// The block of a descriptor, from the metadata's copy if it is broken.
    ///
    /// - Parameter address: Where it is.
    /// - Returns: The block, which may be a broken one if there is no better copy, and the byte of the disc
    ///   that it was read from.
    /// - Throws: ``BrokenStructure`` if it can't be read.
    func descriptor(at address: UDFAddress) throws -> (bytes: [UInt8], offset: Int) {
        guard let offset = try extents(address, length: blockSize).first?.offset else {
            throw BrokenStructure("Block \(address.block) is not recorded.")
        }
        guard hasCopy(of: address) else {
            return (try reader.bytes(at: offset, count: blockSize), offset)
        }
        var found: [UInt8]?
        var trouble = BrokenStructure("Block \(address.block) can't be read.")
        do {
            let bytes = try reader.bytes(at: offset, count: blockSize)
            if isDescriptor(bytes.span, at: address) { return (bytes, offset) }
            found = bytes
        } catch let error as BrokenStructure {
            trouble = error
        }
        if let place = try place(ofCopyOf: offset),
            let bytes = try copiedBytes(for: offset, count: blockSize),
            isDescriptor(bytes.span, at: address)
        {
            noteCopy(for: offset)
            return (bytes, place)
        }
        guard let found else { throw trouble }
        return (found, offset)
    }

    private func isDescriptor(_ bytes: Span<UInt8>, at address: UDFAddress) -> Bool {
        guard FileTag.kind(bytes) != nil else { return false }
        do {
            try checkPlace(of: bytes, at: address)
            return true
        } catch {
            return false
        }
    }

    /// The bytes of a structure, those of a block that can't be read from the metadata's copy.
    ///
    /// - Parameters:
    ///   - offset: The byte of the disc.
    ///   - count: How many.
    /// - Returns: The bytes.
    /// - Throws: ``BrokenStructure`` if they can't be read.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        do {
            return try reader.bytes(at: offset, count: count)
        } catch let error as BrokenStructure {
            guard !copies.isEmpty else { throw error }
        }
        var result: [UInt8] = []
        while result.count < count {
            let place = offset + result.count
            let length = min(blockSize - place % blockSize, count - result.count)
            do {
                result += try reader.bytes(at: place, count: length)
            } catch let error as BrokenStructure {
                guard let bytes = try copiedBytes(for: place, count: length) else { throw error }
                noteCopy(for: place)
                result += bytes
            }
        }
        return result
    }

    /// What the metadata's copy holds in place of bytes of one block.
    ///
    /// - Parameters:
    ///   - offset: The byte of the disc.
    ///   - count: How many, at most up to the block's end.
    /// - Returns: `nil` if there is no copy or it can't be read.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    func copiedBytes(for offset: Int, count: Int) throws -> [UInt8]? {
        guard let place = try place(ofCopyOf: offset) else { return nil }
        do {
            return try reader.bytes(at: place, count: count)
        } catch is BrokenStructure {
            return nil
        }
    }

    /// Whether there is a second copy of the partition of an address.
    func hasCopy(of address: UDFAddress) -> Bool { copies[address.map] != nil }

    /// Where the copy of a byte of a metadata partition is; UDF 2.60 §2.2.13.
    private func place(ofCopyOf offset: Int) throws -> Int? {
        for (index, copy) in copies {
            guard case .metadata(let extents) = maps[index].kind,
                let position = UDFMetadataCopy.position(of: offset, in: extents)
            else { continue }
            var own = copy.extents ?? []
            if copy.extents == nil {
                // Its file entry has no copy, wherever that pretends to be.
                copies[index]?.extents = []
                own = try self.extents(ofCopyAt: copy.entry)
                copies[index]?.extents = own
            }
            let place = UDFMetadataCopy.place(of: position, in: own)
            // What both files share is there once.
            return place == offset ? nil : place
        }
        return nil
    }

    private func extents(ofCopyAt entry: UDFAddress) throws -> [FileExtent] {
        do {
            let record = try UDFFileRecord(at: entry, self)
            return record.isMetadata ? try record.extents(self).extents : []
        } catch is BrokenStructure {
            return []
        }
    }

    /// Remembers that the copy was read in place of a block.
    func noteCopy(for offset: Int) {
        replaced.insert(offset / StructureReader.sectorSize)
    }

    /// Says in which sectors the metadata was broken and its copy was read, since this was last asked.
    ///
    /// - Returns: A sentence; `nil` if there were none.
    func takeNote() -> String? {
        defer { replaced = [] }
        guard let first = replaced.min() else { return nil }
        return replaced.count == 1
            ? "Sector \(first) of the metadata file is broken; its copy is used."
            : "\(replaced.count) sectors of the metadata file, the first of them \(first), are broken; their copies are used."
    }
}
