//! The Merkle tree of RFC 6962, of which only the right edge is kept: it grows and knows its root.

use ring::digest::{Context, SHA256};

use super::{Error, Hash};

/// Larger trees are refused, so that counting can never overflow.
const MAX_SIZE: u64 = 1 << 62;

/// Hash of a leaf: SHA-256 over a zero byte and the leaf's bytes.
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    hash(&[&[0], bytes])
}

/// Hash of an inner node: SHA-256 over a byte one and both children.
fn node_hash(left: &Hash, right: &Hash) -> Hash {
    hash(&[&[1], left, right])
}

/// SHA-256 over the parts, one after the other.
pub(super) fn hash(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = Hash::default();
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The right edge of the tree: for every one-bit of the size the root of a full subtree, the
/// largest first. That is all it takes to append and to tell the root, at any size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The edge of the empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf, given by its [`leaf_hash`]. One inner hash on average.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing one-bit of the size is a full subtree as high as the node: they join.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Root over all leaves; of the empty tree the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => hash(&[]),
            Some(smallest) => peaks.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }

    /// For storing: the size, big-endian in eight bytes, then the hashes, the largest subtree first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.peaks.iter().flatten());
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::Stored`] if the length does not fit the size, or the size is beyond all reason.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (size, hashes) = bytes.split_first_chunk().ok_or(Error::Stored)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, rest) = hashes.as_chunks::<32>();
        if size > MAX_SIZE || !rest.is_empty() || peaks.len() != size.count_ones() as usize {
            return Err(Error::Stored);
        }
        Ok(Self {
            size,
            peaks: peaks.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition in RFC 6962, section 2.1, word by word.
    fn naive(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => hash(&[]),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&naive(left), &naive(right))
            }
        }
    }

    #[test]
    fn the_known_trees_have_their_known_roots() {
        let vectors = include_str!("../../tests/data/ledger/roots.txt");
        let mut tree = Frontier::new();
        let mut seen = 0;
        for line in vectors.lines().filter(|line| !line.starts_with('#')) {
            let (leaf, root) = line.split_once(' ').unwrap();
            if leaf != "-" {
                let leaf = leaf.trim_start_matches("0x").as_bytes().chunks(2);
                let leaf: Vec<u8> = leaf
                    .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
                    .collect();
                tree.append(leaf_hash(&leaf));
            }
            let found: String = tree
                .root()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(found, root, "at size {}", tree.size());
            seen += 1;
        }
        assert_eq!(seen, 9);
    }

    #[test]
    fn every_size_up_to_two_hundred_agrees_with_the_definition() {
        let leaves: Vec<Hash> = (0..200_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let mut tree = Frontier::new();
        for (size, leaf) in leaves.iter().enumerate() {
            assert_eq!(tree.root(), naive(&leaves[..size]));
            tree.append(*leaf);
        }
    }

    #[test]
    fn damaged_stored_edges_are_refused() {
        let mut tree = Frontier::new();
        (0..5_u8).for_each(|n| tree.append([n; 32]));
        let bytes = tree.to_bytes();
        assert_eq!(bytes.len(), 8 + 2 * 32);
        for cut in 0..bytes.len() {
            assert_eq!(Frontier::from_bytes(&bytes[..cut]), Err(Error::Stored));
        }
        assert_eq!(
            Frontier::from_bytes(&[&bytes[..], &[0; 32]].concat()),
            Err(Error::Stored)
        );
        assert_eq!(
            Frontier::from_bytes(&[0xff; 8 + 64 * 32]),
            Err(Error::Stored)
        );
    }

    proptest! {
        #[test]
        fn a_stored_edge_grows_on_as_if_never_stored(
            leaves in proptest::collection::vec(any::<[u8; 32]>(), 0..300), cut in 0_usize..300,
        ) {
            let mut tree = Frontier::new();
            for (at, leaf) in leaves.iter().enumerate() {
                if at == cut {
                    tree = Frontier::from_bytes(&tree.to_bytes()).unwrap();
                }
                tree.append(*leaf);
            }
            prop_assert_eq!(tree.root(), naive(&leaves));
        }
    }
}
